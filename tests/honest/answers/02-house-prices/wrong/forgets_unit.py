# case: forgets_unit
# style: gives prices in units, not in the currency
# fails: prices_are_in_currency, error_beats_average

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

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
    return model.predict(x, verbose=0).flatten()
