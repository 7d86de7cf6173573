"""Mistake: returns the kernel variable itself, so "before" changes along with training."""
# fails: first_layer_weights_are_read
# may:
# says: the function returns a Keras variable that changes when training continues; return a NumPy copy
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.kernel


def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
