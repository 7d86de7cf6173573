"""Style: the Lion optimizer with clipped gradients, and the metric under its short name "acc"."""
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Lion(learning_rate=0.004, global_clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["acc"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def first_layer_weights(model):
    layer = [layer for layer in model.layers if layer.get_weights() != []][0]
    return layer.get_weights()[0].copy()


def weight_change(before, after):
    # The farther of the two ends, whether up or down.
    return [float(max((a - b).max(), (b - a).max())) for a, b in zip(after, before)]
