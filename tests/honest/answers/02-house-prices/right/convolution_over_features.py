"""Style: treats the features as a short signal: Reshape, Conv1D, Flatten, Dense."""
# borderline: an unusual network, but "any other Keras model of these shapes is accepted"
import keras
from keras import layers
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return tuple((x - mean[None, :]) / std[None, :] for x in [x_train, x_other])


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            layers.Reshape((n_features, 1)),
            layers.Conv1D(8, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(0.004), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)


def predict_prices(model, x):
    y = model.predict(x, verbose=0)
    return y.reshape(len(x)) * UNIT
