# case: py_dataset
# style: a keras.utils.PyDataset feeds fit; residual connection; metric in dollars through UNIT

# %% normalize
def standardize(x, mean, std):
    return (x - mean) / std


def normalize(x_train, x_other):
    statistics = x_train.mean(axis=0), x_train.std(axis=0)
    return standardize(x_train, *statistics), standardize(x_other, *statistics)

# %% build_model
def build_model(n_features):
    inputs = keras.Input((n_features,))
    block = keras.layers.Dense(32, activation="relu")(inputs)
    block = keras.layers.Dense(n_features)(block)
    x = keras.layers.Add()([inputs, block])
    outputs = keras.layers.Dense(1)(x)
    return keras.Model(inputs, outputs)

# %% compile_model
def off_by(y_true, y_pred):
    """Mean absolute error in the currency."""
    y_true = keras.ops.reshape(y_true, (-1, 1))
    return keras.ops.abs(y_true - y_pred) * UNIT


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse", metrics=[off_by])
    return model

# %% train_model
class Houses(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size
        self.order = np.arange(len(x))

    def __len__(self):
        return int(np.ceil(len(self.x) / self.batch_size))

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        np.random.shuffle(self.order)


def train_model(model, x, y, epochs=10):
    return model.fit(Houses(x, y), epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return keras.ops.convert_to_numpy(model(np.float32(x)))[:, 0] * UNIT
