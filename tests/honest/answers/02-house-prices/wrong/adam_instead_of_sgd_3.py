"""Mistake: compiles with Adam, as everybody does, although the text asks for SGD."""
# fails: compile_sets_sgd
# may:
# says: the optimizer is Adam; this lesson asks for stochastic gradient descent: "sgd" or keras.optimizers.SGD
import keras
from keras.optimizers import Adam
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
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer=Adam(learning_rate=0.02), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
