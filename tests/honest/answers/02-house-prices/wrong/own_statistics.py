# case: own_statistics
# style: the held-out houses are scaled with their own mean and deviation: the leak
# fails: normalize_does_not_leak
# may: error_beats_average

# %% normalize
def normalize(x_train, x_other):
    x_train_scaled = (x_train - x_train.mean(axis=0)) / x_train.std(axis=0)
    x_other_scaled = (x_other - x_other.mean(axis=0)) / x_other.std(axis=0)
    return x_train_scaled, x_other_scaled

# %% build_model
def build_model(n_features):
    return keras.Sequential([
        keras.Input((n_features,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(1),
    ])

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
