# case: relu_as_a_layer
# style: ReLU as a layer of its own, explicit "linear" output, He initializer with a smaller learning rate

# %% normalize
def normalize(x_train, x_other):
    mean = np.nanmean(x_train, axis=0)
    std = np.nanstd(x_train, axis=0)
    together = np.vstack([x_train, x_other])
    together = (together - mean) / std
    return together[: len(x_train)], together[len(x_train) :]


# %% build_model
from keras.layers import Dense, Input, ReLU
from keras.models import Sequential


def build_model(n_features):
    model = Sequential(
        [
            Input(shape=[n_features]),
            Dense(24, kernel_initializer="he_normal"),
            ReLU(),
            Dense(1, activation="linear"),
        ]
    )
    return model


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=5e-3), loss="MSE")
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    assert len(x) == len(y)
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


# %% predict_prices
def predict_prices(model, x):
    in_units = model.predict(x, verbose=0)
    return np.array([u * UNIT for (u,) in in_units])
