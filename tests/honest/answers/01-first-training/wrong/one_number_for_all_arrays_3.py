"""Mistake: returns one float for the whole model instead of a list with one for each array."""
# fails: weight_change_is_measured
# may:
# says: weight_change returns a single number; return a list with the largest absolute change of each array
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return np.array(layer.get_weights()[0])


def weight_change(before, after):
    largest = 0.0
    for b, a in zip(before, after):
        largest = max(largest, float(np.abs(a - b).max()))
    return largest
