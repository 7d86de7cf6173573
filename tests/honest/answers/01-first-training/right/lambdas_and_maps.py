# case: lambdas_and_maps
# style: functions as lambdas bound to names, map, filter and operator.itemgetter

# %% compile_model
compile_model = lambda model: (
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    or model
)

# %% train_model
train_model = lambda model, x, y, epochs=5: model.fit(
    x, y, epochs=epochs, batch_size=16, verbose=0
)

# %% first_layer_weights
from operator import itemgetter

first_layer_weights = lambda model: itemgetter(0)(
    list(filter(None, map(lambda layer: layer.get_weights(), model.layers)))[0]
)

# %% weight_change
weight_change = lambda before, after: list(
    map(lambda old, new: float(np.max(np.abs(new - old))), before, after)
)
