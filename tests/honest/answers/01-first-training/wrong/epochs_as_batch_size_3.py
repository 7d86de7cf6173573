"""Mistake: passes epochs as the third argument of fit, which is the batch size; one epoch runs."""
# fails: fit_runs_every_epoch
# may: loss_goes_down, accuracy_passes
# says: only one epoch ran; the third argument of fit is the batch size, write epochs=epochs
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return np.array(layer.get_weights()[0])


def weight_change(before, after):
    out = []
    for old, new in zip(before, after):
        out.append(float(np.abs(new - old).max()))
    return out
