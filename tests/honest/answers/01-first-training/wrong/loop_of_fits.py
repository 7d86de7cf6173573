"""Mistake: calls fit once per epoch in a loop and returns the History of the last call only."""
# fails: fit_runs_every_epoch
# may: fit_returns_history, loss_goes_down
# says: the History holds one epoch instead of all; call fit once with epochs=epochs
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    for epoch in range(epochs):
        print("Epoch", epoch + 1)
        history = model.fit(x, y, epochs=1, verbose=0)
    return history


def first_layer_weights(model):
    return next(l.get_weights()[0].copy() for l in model.layers if l.get_weights())


def weight_change(before, after):
    return [float(np.amax(np.abs(a - b))) for b, a in zip(before, after)]
