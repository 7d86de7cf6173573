"""Style: SGD with Nesterov momentum, clipped gradients and L2 regularization."""
# borderline: the text speaks of plain SGD; momentum is still the SGD class, and L2 adds to the loss
import keras
from keras import regularizers
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = x_train.sum(axis=0) / len(x_train)
    centered = x_train - mean
    std = np.linalg.norm(centered, axis=0) / np.sqrt(len(x_train))
    return centered / std, (x_other - mean) / std


def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu", kernel_regularizer=regularizers.L2(1e-3)),
            keras.layers.Dense(1),
        ]
    )


def compile_model(model):
    sgd = keras.optimizers.SGD(learning_rate=0.002, momentum=0.9, nesterov=True, clipnorm=20.0)
    model.compile(optimizer=sgd, loss="mean_squared_error")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return np.asarray(model.predict(x, batch_size=256, verbose=0)).flatten() * float(UNIT)
