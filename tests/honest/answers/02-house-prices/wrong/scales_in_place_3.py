"""Mistake: scales with -= and /= as in a textbook; this overwrites the caller's arrays."""
# fails: normalize_scales_training
# may: normalize_does_not_leak, error_beats_average, prices_are_in_currency
# says: normalize changes the arrays it was given; return two new arrays, without -= and /=
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    x_train -= mean
    std = x_train.std(axis=0)
    x_train /= std
    x_other -= mean
    x_other /= std
    return x_train, x_other


def build_model(n_features):
    model = keras.models.Sequential()
    model.add(keras.Input(shape=(n_features,)))
    model.add(keras.layers.Dense(64, activation='relu'))
    model.add(keras.layers.Dense(1))
    return model


def compile_model(model):
    model.compile(optimizer='sgd', loss='mse', metrics=['mae'])
    return model


def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history


def predict_prices(model, x):
    return model.predict(x, verbose=0).reshape(-1) * UNIT
