"""Style: everything through tf.keras, as in many Stack Overflow answers."""
import tensorflow as tf
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


def train_model(model, x, y, epochs=5):
    history = model.fit(
        tf.constant(x), tf.constant(y), batch_size=min(32, len(x)), epochs=epochs, verbose=0
    )
    return history


def first_layer_weights(model):
    i = 0
    while not model.layers[i].get_weights():
        i += 1
    return np.copy(model.layers[i].get_weights()[0])


def weight_change(before, after):
    return [np.abs(np.subtract(a, b)).max().item() for a, b in zip(after, before)]
