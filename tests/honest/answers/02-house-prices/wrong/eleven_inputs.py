"""Mistake: writes the 11 features of the notebook into build_model instead of n_features."""
# fails: build_model_fits
# may: fit_returns_history, fit_runs_every_epoch, weights_stay_numbers, loss_goes_down, every_weight_changes, prices_are_in_currency, error_beats_average
# says: the model takes 11 numbers whatever n_features is; use keras.Input((n_features,))
import keras
from keras.layers import Dense
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_other - mean) / std


def build_model(n_features):
    return keras.Sequential([keras.Input((11,)), Dense(32, activation="relu"), Dense(1)])


def compile_model(model):
    model.compile(optimizer="sgd", loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).flatten() * UNIT
