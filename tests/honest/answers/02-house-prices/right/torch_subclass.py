# case: torch_subclass
# style: someone from PyTorch: a subclass with layers in __init__, super(), forward pass by calling the model

# %% normalize
def normalize(x_train, x_other):
    mean, std = x_train.mean(0), x_train.std(0)

    def transform(x):
        return (x - mean) / std

    return transform(x_train), transform(x_other)

# %% build_model
class HouseNet(keras.Model):
    def __init__(self, n_hidden=32, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(n_hidden)
        self.act = keras.layers.ReLU()
        self.fc2 = keras.layers.Dense(1)

    def call(self, x):
        x = self.fc1(x)
        x = self.act(x)
        return self.fc2(x)


def build_model(n_features):
    net = HouseNet()
    net(keras.ops.zeros((1, n_features)))  # creates the weights
    return net

# %% compile_model
def compile_model(model):
    criterion = keras.losses.MeanSquaredError()
    optimizer = keras.optimizers.SGD(learning_rate=1e-2, momentum=0.0)
    model.compile(optimizer=optimizer, loss=criterion)
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, batch_size=32, epochs=epochs, shuffle=True, verbose=0)
    return history

# %% predict_prices
def predict_prices(model, x):
    output = model(keras.ops.convert_to_tensor(x), training=False)
    return keras.ops.convert_to_numpy(output).squeeze(-1) * UNIT
