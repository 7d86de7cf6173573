"""Style: a subclass of keras.Model, built before it is returned."""
# borderline: not Sequential and without a keras.Input; "any other Keras model of these shapes is accepted"
import keras
import numpy as np

UNIT = 10_000


class PriceModel(keras.Model):
    def __init__(self, units=24):
        super().__init__()
        self.hidden = keras.layers.Dense(units, activation="relu")
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.hidden(x))


def normalize(x_train, x_other):
    center, width = x_train.mean(0), x_train.std(0)
    scaled = [(part - center) / width for part in (x_train, x_other)]
    return tuple(scaled)


def build_model(n_features):
    model = PriceModel()
    model.build((None, n_features))
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=20, verbose=0)


def predict_prices(model, x):
    return np.squeeze(model.predict(x, verbose=0), axis=1) * UNIT
