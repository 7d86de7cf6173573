"""Mistake: a learning rate of 100 for SGD; the weights explode and the loss becomes nan."""
# fails: loss_goes_down, accuracy_passes
# may: every_weight_changes
# says: the loss is nan (not a number): the steps are far too large, lower the learning rate
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=100.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    weights = [layer.get_weights() for layer in model.layers if layer.get_weights()]
    return weights[0][0].copy()


def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for a, b in zip(after, before)]
