"""Mistake: predict_prices returns what the network says, in units, and forgets UNIT."""
# fails: prices_are_in_currency, error_beats_average
# may:
# says: the prices are 10,000 times too small; the network predicts units, multiply by UNIT
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std


def build_model(n_features):
    model = keras.Sequential([keras.Input((n_features,))])
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model


def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions.flatten()
