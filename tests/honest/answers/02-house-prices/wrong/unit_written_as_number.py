# case: unit_written_as_number
# style: * 10_000 written out instead of UNIT
# fails: prices_are_in_currency
# may: error_beats_average
# borderline: right in the notebook, where UNIT is 10_000; wrong when the grader's currency has another UNIT
# says: the unit is written into the function as a number; use UNIT, which may differ for another currency

# %% normalize
def normalize(x_train, x_other):
    mu = np.mean(x_train, axis=0)
    sigma = np.std(x_train, axis=0)
    x_train_scaled = (x_train - mu) / sigma
    x_other_scaled = (x_other - mu) / sigma
    return x_train_scaled, x_other_scaled

# %% build_model
def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).reshape(-1) * 10_000
