"""Mistake: all weights start at zero, so only the bias of the output ever learns."""
# fails: every_weight_changes, error_beats_average
# may:
# says: some weights never change: with weights of zero the hidden units get no slope; let them start random
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
            keras.layers.Dense(32, activation="relu", kernel_initializer="zeros"),
            keras.layers.Dense(1, kernel_initializer="zeros"),
        ]
    )


def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
