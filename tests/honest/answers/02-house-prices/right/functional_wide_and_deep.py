# case: functional_wide_and_deep
# style: functional API, a linear path beside the hidden layer, joined by concatenation

# %% normalize
def normalize(x_train, x_other):
    mu, sigma = np.mean(x_train, axis=0, keepdims=True), np.std(x_train, axis=0, keepdims=True)
    scaled_train = np.divide(np.subtract(x_train, mu), sigma)
    scaled_other = np.divide(np.subtract(x_other, mu), sigma)
    return scaled_train, scaled_other

# %% build_model
def build_model(n_features):
    inputs = keras.Input(shape=(n_features,), name="house")
    deep = keras.layers.Dense(32, activation="relu", name="deep")(inputs)
    joined = keras.layers.Concatenate(name="wide_and_deep")([inputs, deep])
    outputs = keras.layers.Dense(1, name="price")(joined)
    return keras.Model(inputs=inputs, outputs=outputs, name="wide_and_deep_model")

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        loss=keras.losses.MeanSquaredError(),
        metrics=[keras.metrics.RootMeanSquaredError(name="rmse")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x=x, y=y, batch_size=32, epochs=epochs, verbose=2)

# %% predict_prices
def predict_prices(model, x):
    in_units = model.predict(x, batch_size=128, verbose=0)
    return np.squeeze(in_units, axis=-1) * UNIT
