# case: column_instead_of_flat_array
# style: model.predict(x) * UNIT without flattening, shape (samples, 1)
# fails: prices_are_in_currency
# may: error_beats_average
# says: the prices have shape (samples, 1); flatten them to (samples,), or subtracting the true prices makes a whole table

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
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        loss=keras.losses.MeanSquaredError(),
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0) * UNIT
