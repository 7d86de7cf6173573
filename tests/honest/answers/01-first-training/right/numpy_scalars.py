"""Style: the usual student one-liner; weight_change gives NumPy scalars instead of Python floats."""
# borderline: the list holds np.float32 values, which are not instances of Python's float
import keras
import numpy as np


def compile_model(model):
    # sparse: the labels are integers, no one-hot encoding needed
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer='adam', loss=loss_fn, metrics=['accuracy'])
    return model


def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=8)
    return history


def first_layer_weights(model):
    for l in model.layers:
        if l.get_weights():
            W, b = l.get_weights()[0], None
            return W


def weight_change(before, after):
    return [np.abs(a - b).max() for a, b in zip(after, before)]
