# case: statistics_of_all_houses
# style: mean and deviation of training and other houses together
# fails: normalize_does_not_leak
# may: normalize_scales_training, error_beats_average
# says: the mean and the deviation depend on x_other too, which is a leak; take them from x_train alone

# %% normalize
def normalize(x_train, x_other):
    everything = np.concatenate([x_train, x_other])
    mean = everything.mean(axis=0)
    std = everything.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

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
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["mae"])
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
