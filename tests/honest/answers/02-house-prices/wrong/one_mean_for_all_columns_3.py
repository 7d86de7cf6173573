"""Mistake: mean() and std() without axis=0, one number for the whole table."""
# fails: normalize_scales_training
# may: normalize_does_not_leak, weights_stay_numbers, loss_goes_down, every_weight_changes, prices_are_in_currency, error_beats_average
# says: the training columns do not have mean 0 and deviation 1; compute them for each column, with axis=0
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = x_train.mean()
    std = x_train.std()
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
    model.compile(optimizer=keras.optimizers.SGD(0.005), loss=keras.losses.MeanSquaredError())
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0).ravel() * UNIT
