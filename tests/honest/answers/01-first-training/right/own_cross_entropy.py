"""Style: writes the sparse categorical cross-entropy as a function of its own."""
# borderline: the text names the loss; this is the same loss, but as an own function
import keras
from keras import ops
import numpy as np


def cross_entropy(y_true, y_pred):
    """-log of the probability that the model gave to the true class."""
    labels = ops.cast(ops.reshape(y_true, (-1,)), "int32")
    chosen = ops.sum(ops.one_hot(labels, ops.shape(y_pred)[-1]) * y_pred, axis=-1)
    return -ops.log(ops.maximum(chosen, 1e-7))


def compile_model(model):
    model.compile(optimizer="adam", loss=cross_entropy, metrics=["sparse_categorical_accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            kernel, bias = layer.get_weights()[0], layer.get_weights()[1:]
            return kernel.copy()


def weight_change(before, after):
    return [float(ops.max(ops.abs(ops.subtract(a, b)))) for a, b in zip(after, before)]
