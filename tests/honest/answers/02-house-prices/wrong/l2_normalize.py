# case: l2_normalize
# style: takes keras.utils.normalize for it, because of the name; it gives each house length 1
# fails: normalize_scales_training, error_beats_average
# may: normalize_does_not_leak, loss_goes_down, every_weight_changes

# %% normalize
def normalize(x_train, x_other):
    x_train = keras.utils.normalize(x_train)
    x_other = keras.utils.normalize(x_other)
    return x_train, x_other

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
