# case: odd_numpy
# style: odd but right NumPy: the mean as a matrix product, the deviation from E[x²] - E[x]², einsum, ravel

# %% normalize
def normalize(x_train, x_other):
    x64 = x_train.astype(np.float64)
    ones = np.full(len(x64), 1 / len(x64))
    mean = ones @ x64
    variance = np.einsum("i,ij->j", ones, x64 * x64) - mean**2
    inverse = 1 / np.sqrt(variance)
    return (x64 - mean) @ np.diag(inverse), (x_other - mean) @ np.diag(inverse)


# %% build_model
def build_model(n_features):
    hidden = max(8, min(64, 3 * n_features))
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


# %% compile_model
def compile_model(model):
    model.compile(**{"loss": "mse", "optimizer": keras.optimizers.get("sgd")})
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    batch_size = 16 if len(x) >= 16 else len(x)
    return model.fit(x, y, batch_size, epochs, 0)


# %% predict_prices
def predict_prices(model, x):
    return np.ravel(np.dot(model.predict(x, verbose=0), np.array([[float(UNIT)]])))
