"""Mistake: softmax on the single output unit, as in the classifier of the lesson before; it always says 1."""
# fails: build_model_fits, every_weight_changes, error_beats_average
# may: loss_goes_down
# says: the last layer has the activation softmax, so the single output is always 1; leave the activation out
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
            keras.layers.Dense(16, activation="relu", name="hidden"),
            keras.layers.Dense(1, activation="softmax", name="output"),
        ]
    )


def compile_model(model):
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).reshape(-1) * UNIT
