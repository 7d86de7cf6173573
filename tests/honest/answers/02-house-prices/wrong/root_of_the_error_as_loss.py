"""Mistake: uses the root mean squared error (the notebook's typical_error) as the loss."""
# fails: compile_loss_is_mse
# may: error_beats_average
# says: the loss is the root of the mean squared error; the text asks for the mean squared error itself, "mse"
import keras
from keras import ops
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


def rmse(y_true, y_pred):
    return ops.sqrt(ops.mean(ops.square(y_pred - y_true)))


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.02), loss=rmse)
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
