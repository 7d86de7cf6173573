# case: dict_layers
# style: dict_layers



# %% normalize
def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
def build_model(n_features):
    layers = {"hidden": keras.layers.Dense(32, activation="relu", name="hidden"), "price": keras.layers.Dense(1, name="price")}
    model = keras.Sequential(name="houses")
    model.add(keras.Input((n_features,), name="features"))
    for layer in layers.values():
        model.add(layer)
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(0.02), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
