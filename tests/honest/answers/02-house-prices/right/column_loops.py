# case: column_loops
# style: normalizes one column after the other in loops, with Python's own arithmetic for the mean

# %% normalize
def normalize(x_train, x_other):
    n_rows, n_columns = x_train.shape
    a = np.empty(x_train.shape, dtype=float)
    b = np.empty(x_other.shape, dtype=float)
    for j in range(n_columns):
        total = 0.0
        for i in range(n_rows):
            total += float(x_train[i, j])
        mean = total / n_rows
        squares = 0.0
        for i in range(n_rows):
            squares += (float(x_train[i, j]) - mean) ** 2
        std = (squares / n_rows) ** 0.5
        a[:, j] = (x_train[:, j] - mean) / std
        b[:, j] = (x_other[:, j] - mean) / std
    return a, b


# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(16))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(1))
    return model


# %% compile_model
def compile_model(model):
    sgd = keras.optimizers.SGD(learning_rate=0.01)
    model.compile(optimizer=sgd, loss="mean_squared_error")
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history


# %% predict_prices
def predict_prices(model, x):
    result = []
    for row in model.predict(x, verbose=0):
        result.append(float(row[0]) * UNIT)
    return np.array(result)
