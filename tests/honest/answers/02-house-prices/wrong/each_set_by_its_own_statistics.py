# case: each_set_by_its_own_statistics
# style: a helper normalizes each array by its own mean and deviation
# fails: normalize_does_not_leak
# may: error_beats_average, normalize_scales_training
# says: x_other is scaled by its own mean and deviation; use those of the training houses for both

# %% normalize
def standardize(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def normalize(x_train, x_other):
    return standardize(x_train), standardize(x_other)

# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        loss=keras.losses.MeanSquaredError(),
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
