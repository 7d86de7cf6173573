# case: unit_as_default_argument
# style: the unit as a default argument, the target written as a column, seeds set for repeatability
# borderline: unit=UNIT is read when the function is defined, so a UNIT that changes later is not seen

# %% normalize
def normalize(x_train, x_other):
    """z-scores"""
    mean, std = (f(x_train, axis=0) for f in (np.mean, np.std))
    return np.nan_to_num((x_train - mean) / std), np.nan_to_num((x_other - mean) / std)


# %% build_model
def build_model(n_features, n_hidden=32, activation="relu"):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(n_hidden, activation=activation),
            keras.layers.Dense(1),
        ]
    )


# %% compile_model
def compile_model(model, lr=0.01):
    model.compile(optimizer=keras.optimizers.SGD(lr), loss="mse")
    return model


# %% train_model
def train_model(model, x, y, epochs=10, batch_size=16, seed=42):
    keras.utils.set_random_seed(seed)
    y = np.asarray(y).reshape(-1, 1)
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)


# %% predict_prices
def predict_prices(model, x, unit=UNIT):
    return model.predict(x, verbose=0)[:, 0] * unit
