"""Mistake: clips the predictions to the range of dollars seen in the notebook's sales."""
# fails: prices_are_in_currency
# may: error_beats_average
# says: the prices are bounded by numbers written into the function; in another currency they are wrong, return what the network predicts times UNIT
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
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(optimizer="sgd", loss=keras.losses.MeanSquaredError())
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    prices = model.predict(x, verbose=0)[:, 0] * UNIT
    # no house was cheaper than 25,000 or dearer than 190,000 dollars
    return np.clip(prices, 25_000, 190_000)
