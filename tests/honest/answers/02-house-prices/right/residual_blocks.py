"""Style: two residual blocks with layer normalization inside a functional model."""
import keras
from keras import layers
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = np.average(x_train, axis=0)
    deviation = np.sqrt(np.average((x_train - mean) ** 2, axis=0))
    return (x_train - mean) / deviation, (x_other - mean) / deviation


def block(x, width):
    y = layers.LayerNormalization()(x)
    y = layers.Dense(width, activation="relu")(y)
    y = layers.Dense(width)(y)
    return layers.Add()([x, y])


def build_model(n_features):
    inputs = keras.Input((n_features,))
    x = layers.Dense(16)(inputs)
    for _ in range(2):
        x = block(x, 16)
    return keras.Model(inputs, layers.Dense(1)(x))


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.003), loss="mean_squared_error")
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


def predict_prices(model, x):
    (column,) = model.predict(x, verbose=0).T
    return column * UNIT
