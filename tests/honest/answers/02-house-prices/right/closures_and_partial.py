# case: closures_and_partial
# style: functional programming: a closure makes the scaler, partial makes the layers, a helper composes

# %% normalize
def make_scaler(reference):
    mean = np.mean(reference, axis=0)
    deviation = np.std(reference, axis=0)
    return lambda houses: (houses - mean) / deviation


def normalize(x_train, x_other):
    scale = make_scaler(reference=x_train)
    first, second = map(scale, (x_train, x_other))
    return first, second

# %% build_model
from functools import partial, reduce

hidden = partial(keras.layers.Dense, activation="relu", kernel_initializer="glorot_normal")


def build_model(n_features):
    start = keras.Input((n_features,))
    end = reduce(lambda tensor, layer: layer(tensor), [hidden(24), keras.layers.Dense(1)], start)
    return keras.Model(start, end)

# %% compile_model
def compile_model(model):
    compile_for_prices = partial(model.compile, loss="mean_squared_error")
    compile_for_prices(optimizer=keras.optimizers.SGD(learning_rate=0.015))
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    quiet_fit = partial(model.fit, verbose=0)
    return quiet_fit(x, y, epochs=epochs)

# %% predict_prices
def predict_prices(model, x):
    to_currency = lambda units: units * UNIT
    return to_currency(model.predict(x, verbose=0).T[0])
