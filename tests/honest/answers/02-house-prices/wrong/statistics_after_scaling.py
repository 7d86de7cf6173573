# case: statistics_after_scaling
# style: overwrites the name x_train first and then takes mean and deviation of the scaled array for x_other
# fails: normalize_does_not_leak
# may: normalize_scales_training, error_beats_average
# borderline: no leak in the strict sense; x_other simply stays unscaled, since the scaled mean is 0 and the deviation 1
# says: x_other is not scaled: its mean and deviation were taken after x_train had been scaled; compute them once, before

# %% normalize
def normalize(x_train, x_other):
    x_train = (x_train - x_train.mean(axis=0)) / x_train.std(axis=0)
    x_other = (x_other - x_train.mean(axis=0)) / x_train.std(axis=0)
    return x_train, x_other

# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["mae"])
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
