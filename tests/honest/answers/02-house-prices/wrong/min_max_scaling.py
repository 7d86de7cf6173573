# case: min_max_scaling
# style: scales to 0..1 by minimum and maximum, the other meaning of "normalize"
# fails: normalize_scales_training
# may: normalize_does_not_leak, error_beats_average, loss_goes_down
# says: the columns lie between 0 and 1; here they should have mean 0 and standard deviation 1

# %% normalize
def normalize(x_train, x_other):
    low = x_train.min(axis=0)
    high = x_train.max(axis=0)
    return (x_train - low) / (high - low), (x_other - low) / (high - low)

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
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
