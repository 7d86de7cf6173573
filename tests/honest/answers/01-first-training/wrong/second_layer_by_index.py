"""Mistake: takes layers[1] because it counts the input as layer 0; this is the output layer."""
# fails: first_layer_weights_are_read
# may:
# says: the array is the kernel of another layer; the first layer with weights is wanted, and keras.Input is not in model.layers
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    # layers[0] is the input layer, it has no weights
    return model.layers[1].get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
