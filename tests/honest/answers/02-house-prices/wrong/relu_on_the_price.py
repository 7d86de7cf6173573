"""Mistake: ReLU on the last layer, because prices are never negative."""
# fails: build_model_fits
# may: loss_goes_down, every_weight_changes, error_beats_average
# says: the last layer has the activation relu; leave the activation out, nothing should bend the price
import keras
from keras import layers
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
            layers.Dense(32, activation="relu"),
            layers.Dense(16, activation="relu"),
            layers.Dense(1, activation="relu"),
        ]
    )


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.005), loss="mean_squared_error")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
