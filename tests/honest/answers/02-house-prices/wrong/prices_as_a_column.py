"""Mistake: returns the prices in shape (samples, 1), so later differences broadcast to a square."""
# fails: prices_are_in_currency
# may: error_beats_average
# says: the array has shape (samples, 1); one price for each house is wanted, shape (samples,), for example with [:, 0]
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
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.005), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0) * UNIT
