# case: normalization_layer
# style: the Keras preprocessing layer Normalization, adapted to the training houses, instead of NumPy

# %% normalize
def normalize(x_train, x_other):
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(np.array(x_train))
    train_scaled = keras.ops.convert_to_numpy(layer(x_train))
    other_scaled = keras.ops.convert_to_numpy(layer(x_other))
    return train_scaled, other_scaled

# %% build_model
def build_model(n_features):
    hidden = keras.layers.Dense(20, activation=keras.activations.relu)
    price = keras.layers.Dense(1)
    return keras.Sequential(layers=[keras.Input((n_features,)), hidden, price])

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(), loss=keras.losses.mean_squared_error)
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, verbose="auto")
    return history

# %% predict_prices
def predict_prices(model, x):
    y = model.predict(x)
    y = np.ravel(y)
    return np.multiply(y, UNIT)
