"""Style: three linear experts and a softmax gate that mixes them; a Dot layer gives the price."""
# borderline: the last layer is a Dot of the experts and the gate; it has no activation, nothing bounds the price
import keras
from keras.layers import Dense, Dot, Input
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean, std = (getattr(np, name)(x_train, axis=0) for name in ("mean", "std"))
    return np.divide(np.subtract(x_train, mean), std), np.divide(np.subtract(x_other, mean), std)


def build_model(n_features):
    house = Input((n_features,))
    experts = Dense(3, name="experts")(house)
    gate = Dense(3, activation="softmax", name="gate")(house)
    return keras.Model(house, Dot(axes=1, name="mix")([experts, gate]))


def compile_model(model):
    model.compile(optimizer="sgd", loss=keras.losses.MeanSquaredError(name="squares"))
    return model


def train_model(model, x, y, epochs=10):
    x, y = np.asarray(x, "float32"), np.asarray(y, "float32")
    return model.fit(x, y, batch_size=8, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return np.take(model.predict(x, verbose=0), 0, axis=1) * UNIT
