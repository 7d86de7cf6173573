# case: sequential_subclass
# style: a subclass of keras.Sequential with add() in __init__
# borderline: not a bare keras.Sequential; copying it with clone_model or from_config would not work

# %% normalize
def column_statistics(x):
    return x.mean(0), x.std(0)


def normalize(x_train, x_other):
    statistics = column_statistics(x_train)

    def apply(x, mean, std):
        return np.divide(np.subtract(x, mean), std)

    return apply(x_train, *statistics), apply(x_other, *statistics)


# %% build_model
class PriceNetwork(keras.Sequential):
    def __init__(self, n_features, hidden=32):
        super().__init__(name="price_network")
        self.add(keras.Input((n_features,)))
        self.add(keras.layers.Dense(hidden, activation="relu"))
        self.add(keras.layers.Dense(1))


def build_model(n_features):
    return PriceNetwork(n_features)


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(), loss=keras.losses.MeanSquaredError())
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    return np.squeeze(model.predict(x, verbose=0), axis=1) * UNIT
