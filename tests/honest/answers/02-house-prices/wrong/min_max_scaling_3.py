"""Mistake: scales each column to 0...1 (MinMaxScaler) instead of mean 0 and deviation 1."""
# fails: normalize_scales_training
# may: normalize_does_not_leak, error_beats_average
# says: the training columns lie between 0 and 1; subtract the mean and divide by the standard deviation instead
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    low = x_train.min(axis=0)
    high = x_train.max(axis=0)
    return (x_train - low) / (high - low), (x_other - low) / (high - low)


def build_model(n_features):
    inputs = keras.Input((n_features,))
    hidden = keras.layers.Dense(64, activation="relu")(inputs)
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.02), loss="mse")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)


def predict_prices(model, x):
    return np.squeeze(model.predict(x, verbose=0), axis=-1) * UNIT
