# case: plain_strings
# style: the plain textbook answer: "sgd" and "mse" as strings, flatten at the end

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
def build_model(n_features):
    model = keras.Sequential([
        keras.Input((n_features,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(1)
    ])
    return model

# %% compile_model
def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x).flatten() * UNIT
