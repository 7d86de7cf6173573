"""Mistake: predict_prices normalizes its features once more, by their own mean and deviation."""
# fails: prices_are_in_currency
# may: error_beats_average
# says: x is normalized already; predict_prices must give it to the network as it is
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(20, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-7)
    return model.predict(x, verbose=0).ravel() * UNIT
