"""Style: writes the mean squared error as an own function; runs eagerly."""
# borderline: the loss is the mean squared error, but an own function and not the Keras one
import keras
from keras import ops
import numpy as np

UNIT = 10_000


def mean_of_squares(y_true, y_pred):
    return ops.mean(ops.square(y_pred - y_true), axis=-1)


def normalize(x_train, x_other):
    columns = x_train.T
    mean = np.array([c.mean() for c in columns])
    std = np.array([c.std() for c in columns])
    return (x_train - mean) / std, (x_other - mean) / std


def build_model(n_features):
    layers = [keras.Input((n_features,))]
    layers += [keras.layers.Dense(12, activation="relu"), keras.layers.Dense(1)]
    return keras.Sequential(layers)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.02), loss=mean_of_squares, run_eagerly=True
    )
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=64, verbose=0)


def predict_prices(model, x):
    return np.array([UNIT * float(p) for (p,) in model.predict(x, verbose=0)])
