"""Mistake: a learning rate of 1.0; the weights explode."""
# fails: weights_stay_numbers, loss_goes_down, error_beats_average
# may: every_weight_changes, prices_are_in_currency
# says: the weights became nan: the steps are too large, lower the learning rate of SGD
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
            keras.layers.Dense(64, activation="leaky_relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=1.0), loss="mean_squared_error")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).ravel() * UNIT
