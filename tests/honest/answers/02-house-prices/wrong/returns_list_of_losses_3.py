"""Mistake: train_model returns the list of losses instead of the History."""
# fails: fit_returns_history
# may: fit_runs_every_epoch, loss_goes_down
# says: train_model returns a list; return the History itself, as fit gives it
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std


def build_model(n_features):
    x = inputs = keras.Input((n_features,))
    x = keras.layers.Dense(16, activation="relu")(x)
    x = keras.layers.Dense(1)(x)
    return keras.Model(inputs, x)


def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    losses = history.history["loss"]
    return losses


def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
