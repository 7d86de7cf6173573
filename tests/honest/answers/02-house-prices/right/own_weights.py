# case: own_weights
# style: own_weights



# %% normalize
def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
class Linear(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
    def build(self, s):
        self.w = self.add_weight(shape=(s[-1], self.units), initializer="glorot_uniform")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros")
    def call(self, x):
        return keras.ops.matmul(x, self.w) + self.b

def build_model(n_features):
    return keras.Sequential([keras.Input((n_features,)), Linear(32), keras.layers.Activation("relu"), Linear(1)])

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
