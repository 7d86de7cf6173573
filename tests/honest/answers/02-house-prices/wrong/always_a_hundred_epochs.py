"""Mistake: always trains 100 epochs "for a better result" and ignores the argument epochs."""
# fails: fit_runs_every_epoch
# may:
# says: 100 epochs ran although another number was asked for; pass epochs=epochs to fit
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
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.003), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=100, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
