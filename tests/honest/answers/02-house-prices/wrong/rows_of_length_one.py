# case: rows_of_length_one
# style: keras.utils.normalize, which gives each row the length 1
# fails: normalize_scales_training
# may: normalize_does_not_leak, error_beats_average, loss_goes_down
# says: keras.utils.normalize scales each house (row) to length 1; subtract the mean of each column and divide by its deviation

# %% normalize
def normalize(x_train, x_other):
    return keras.utils.normalize(x_train), keras.utils.normalize(x_other)

# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
