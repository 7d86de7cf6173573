"""Mistake: scales the other houses by their own mean and deviation (fit_transform on both sets)."""
# fails: normalize_does_not_leak
# may:
# says: the other houses are scaled by their own mean and deviation; use those of the training houses for both
import keras
import numpy as np

UNIT = 10_000


def standardize(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def normalize(x_train, x_other):
    return standardize(x_train), standardize(x_other)


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
