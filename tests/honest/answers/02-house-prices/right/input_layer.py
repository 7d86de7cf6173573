# case: input_layer
# style: input_layer



# %% normalize
def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
def build_model(n_features):
    m = keras.Sequential()
    m.add(keras.layers.InputLayer(shape=(n_features,)))
    m.add(keras.layers.Dense(32)); m.add(keras.layers.ReLU()); m.add(keras.layers.Dense(1))
    return m

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(0.02), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
