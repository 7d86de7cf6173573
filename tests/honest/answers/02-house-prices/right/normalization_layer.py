"""Style: a keras.layers.Normalization layer, adapted to the training houses, does the scaling."""
import keras
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(x_train)
    return np.array(layer(x_train)), np.array(layer(x_other))


def build_model(n_features):
    model = keras.Sequential(name="windsor")
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(48, activation="relu", kernel_initializer="he_normal"))
    model.add(keras.layers.Dense(1, kernel_initializer="zeros"))
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.008), loss="MSE")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=2)


def predict_prices(model, x):
    return UNIT * model.predict(x, verbose=0).reshape(-1)
