# case: no_metrics
# style: compile with optimizer and loss only
# fails: compile_reports_accuracy
# may: accuracy_passes
# says: compile also needs metrics=["accuracy"], so that accuracy is reported

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    weighted = [layer for layer in model.layers if layer.get_weights()]
    kernel = weighted[0].get_weights()[0]
    return np.array(kernel)

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
