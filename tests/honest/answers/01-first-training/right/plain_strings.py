"""Style: the shortest plain answer, everything given as strings."""
import keras
import numpy as np


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        weights = layer.get_weights()
        if weights:
            return weights[0].copy()


def weight_change(before, after):
    return [float(np.max(np.abs(b - a))) for b, a in zip(before, after)]
