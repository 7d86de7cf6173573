"""Mistake: takes the maximum without the absolute value, so downward changes do not count."""
# fails: weight_change_is_measured
# may:
# says: a change of -0.5 is as large as one of +0.5; take the absolute value before the maximum
import keras
import numpy as np


def compile_model(model):
    adam = keras.optimizers.Adam(learning_rate=0.008)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            kernel = layer.get_weights()[0]
            return kernel.copy()


def weight_change(before, after):
    return [float(np.max(a - b)) for b, a in zip(before, after)]
