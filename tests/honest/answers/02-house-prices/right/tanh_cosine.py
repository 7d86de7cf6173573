"""Style: tanh units, a cosine learning rate schedule, small batches, keras.ops for the scaling."""
import keras
from keras import ops
import numpy as np

UNIT = 10_000


def normalize(x_train, x_other):
    mean = ops.mean(x_train, axis=0)
    std = ops.std(x_train, axis=0)

    def z(x):
        return ops.convert_to_numpy((x - mean) / std)

    return z(x_train), z(x_other)


def build_model(n_features):
    init = keras.initializers.GlorotNormal()
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(30, activation="tanh", kernel_initializer=init),
            keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(1.0)),
        ]
    )


def compile_model(model):
    schedule = keras.optimizers.schedules.CosineDecay(0.01, decay_steps=600, alpha=0.1)
    sgd = keras.optimizers.SGD(learning_rate=schedule)
    model.compile(optimizer=sgd, loss=keras.losses.get("mse"))
    return model


def train_model(model, x, y, epochs=10):
    return model.fit(x, y, batch_size=10, epochs=epochs, verbose=0)


def predict_prices(model, x):
    return ops.convert_to_numpy(ops.squeeze(model(ops.convert_to_tensor(x)), axis=-1)) * UNIT
