# case: class_call
# style: class_call



# %% normalize
def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std

# %% build_model
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.h = keras.layers.Dense(32, activation="relu")
        self.o = keras.layers.Dense(1)
    def call(self, x, training=False):
        return self.o(self.h(x))

def build_model(n_features):
    model = Net()
    model(keras.ops.zeros((1, n_features)))
    return model

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
