# case: sample_deviation
# style: ddof=1, the sample's standard deviation, as pandas and R take it
# borderline: with 256 houses the deviation of the result is 0.998 instead of 1

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0, ddof=1)
    z = lambda x: (x - mean) / std
    return z(x_train), z(x_other)


# %% build_model
def build_model(n_features):
    return keras.Sequential([
        keras.Input((n_features,)),
        keras.layers.Dense(40, activation="relu"),
        keras.layers.Dense(1),
    ])


# %% compile_model
def compile_model(model):
    model.compile(loss="mse", optimizer="SGD")
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, verbose=0, epochs=epochs)
    return history


# %% predict_prices
def predict_prices(model, x):
    p = model.predict(x, verbose=0)
    p = p.reshape((p.shape[0],))
    return p * UNIT
