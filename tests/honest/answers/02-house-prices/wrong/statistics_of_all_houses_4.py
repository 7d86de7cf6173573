# case: statistics_of_all_houses
# style: mean and deviation of training and held-out houses together
# fails: normalize_does_not_leak
# may: normalize_scales_training

# %% normalize
def normalize(x_train, x_other):
    all_houses = np.concatenate([x_train, x_other])
    mean = all_houses.mean(axis=0)
    std = all_houses.std(axis=0)
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
    return model.predict(x, verbose=0)[:, 0] * UNIT
