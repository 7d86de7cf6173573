"""Style: SGD with a LearningRateScheduler callback and ReduceLROnPlateau on the training loss."""
import keras
from keras.callbacks import LearningRateScheduler, ReduceLROnPlateau
import numpy as np


def compile_model(model):
    model.compile(
        optimizer="sgd",
        loss=keras.losses.get("sparse_categorical_crossentropy"),
        metrics=[keras.metrics.get("sparse_categorical_accuracy")],
    )
    return model


def warm_up(epoch, rate):
    return min(0.02, 0.005 * (epoch + 1))


def train_model(model, x, y, epochs=5):
    return model.fit(
        x,
        y,
        epochs=epochs,
        callbacks=[LearningRateScheduler(warm_up), ReduceLROnPlateau(monitor="loss", patience=8)],
        verbose=0,
    )


def first_layer_weights(model):
    kernel = next(iter(model.weights))
    return np.array(keras.ops.convert_to_numpy(kernel))


def weight_change(before, after):
    changes = list()
    for index, array in enumerate(before):
        changes.append(float(np.abs(array - after[index]).max(initial=0.0)))
    return changes
