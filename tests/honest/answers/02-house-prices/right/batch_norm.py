# case: batch_norm
# style: batch normalization between the hidden layer (without bias) and its ReLU, functional API

# %% normalize
def normalize(x_train, x_other):
    mean_of_train = np.average(x_train, axis=0)
    std_of_train = np.sqrt(np.var(x_train, axis=0))
    return (x_train - mean_of_train) / std_of_train, (x_other - mean_of_train) / std_of_train

# %% build_model
def build_model(n_features):
    inputs = keras.Input((n_features,))
    x = keras.layers.Dense(32, use_bias=False)(inputs)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    x = keras.layers.ReLU()(x)
    outputs = keras.layers.Dense(1)(x)
    return keras.Model(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01, nesterov=False), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return model.predict(x, verbose=0)[..., 0] * UNIT
