"""Mistake: compiles without any metric, so fit and evaluate report only the loss."""
# fails: compile_reports_accuracy
# may:
# says: the compiled model does not report accuracy; add metrics=["accuracy"] to compile
import tensorflow as tf
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.01),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for l in model.layers:
        w = l.get_weights()
        if len(w):
            return np.copy(w[0])


def weight_change(before, after):
    return [float(np.abs(before[i] - after[i]).max()) for i in range(len(before))]
