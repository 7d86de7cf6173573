"""Style: wide-and-deep network; the features also go straight to the last layer."""
import keras
from keras.layers import Concatenate, Dense, Input
from keras.models import Model
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    m, s = x_train.mean(axis=0), x_train.std(axis=0)
    both = (np.vstack([x_train, x_other]) - m) / s
    return both[: len(x_train)], both[len(x_train) :]


def build_model(n_features):
    inp = Input((n_features,))
    deep = Dense(16, activation="relu")(inp)
    deep = Dense(8, activation="relu")(deep)
    out = Dense(1)(Concatenate()([inp, deep]))
    return Model(inp, out)


def compile_model(model):
    rate = keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=100, decay_rate=0.9)
    model.compile(optimizer=keras.optimizers.SGD(rate), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).ravel().astype("float64") * UNIT
