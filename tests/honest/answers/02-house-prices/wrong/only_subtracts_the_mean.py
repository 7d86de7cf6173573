"""Mistake: centers the columns but forgets to divide by the deviation; the lot size makes training explode."""
# fails: normalize_scales_training
# may: normalize_does_not_leak, weights_stay_numbers, loss_goes_down, every_weight_changes, prices_are_in_currency, error_beats_average
# says: the columns have mean 0 but not deviation 1; divide by the standard deviation of each training column
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = np.mean(x_train, axis=0)
    return x_train - mean, x_other - mean


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(24, activation="relu"),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    model.compile(loss="mean_squared_error", optimizer=keras.optimizers.SGD())
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    prices = model.predict(x, verbose=0) * UNIT
    return prices[:, 0]
