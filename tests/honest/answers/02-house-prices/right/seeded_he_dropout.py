# case: seeded_he_dropout
# style: he_normal with a seed, bias zeros, light dropout, batch size as NumPy integer

# %% normalize
def normalize(x_train, x_other):
    columns_train, columns_other = [], []
    for train_column, other_column in zip(x_train.T, x_other.T):
        mean, std = train_column.mean(), train_column.std()
        columns_train.append((train_column - mean) / std)
        columns_other.append((other_column - mean) / std)
    return np.column_stack(columns_train), np.column_stack(columns_other)

# %% build_model
def build_model(n_features):
    initializer = keras.initializers.HeNormal(seed=42)
    return keras.Sequential([
        keras.Input((n_features,)),
        keras.layers.Dense(32, activation="relu", kernel_initializer=initializer, bias_initializer="zeros"),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(1),
    ])

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=np.float64(0.01)), loss="MeanSquaredError")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    batch_size = int(np.int64(16))
    return model.fit(x, y, epochs=int(epochs), batch_size=batch_size, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return np.asarray(model.predict(x, verbose=0), dtype=np.float64).reshape(-1) * np.float64(UNIT)
