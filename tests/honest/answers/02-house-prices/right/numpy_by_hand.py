# case: numpy_by_hand
# style: a NumPy person: the deviation from its formula in float64, full broadcasting, einsum for the price

# %% normalize
def normalize(x_train, x_other):
    train64 = np.asarray(x_train, dtype=np.float64)
    other64 = np.asarray(x_other, dtype=np.float64)
    n = train64.shape[0]
    mean = np.add.reduce(train64, axis=0) / n
    variance = np.einsum("ij,ij->j", train64 - mean, train64 - mean) / n
    inverse = 1.0 / np.sqrt(variance)
    return (train64 - mean[np.newaxis, :]) * inverse, (other64 - mean[np.newaxis, :]) * inverse

# %% build_model
def build_model(n_features):
    return keras.Sequential((
        keras.Input((n_features,)),
        keras.layers.Dense(2 ** 5, "relu"),
        keras.layers.Dense(1),
    ))

# %% compile_model
def compile_model(model):
    model.compile("SGD", "MSE")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(np.asarray(x, np.float32), np.asarray(y, np.float32)[:, np.newaxis], epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return np.einsum("ij->i", model.predict(x, verbose=0)).astype(np.float64) * UNIT
