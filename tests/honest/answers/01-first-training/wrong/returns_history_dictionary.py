"""Mistake: returns history.history, the dictionary, instead of the History."""
# fails: fit_returns_history
# may: fit_runs_every_epoch, loss_goes_down
# says: train_model returns a dict; return the History that fit returns, not its .history
import keras
import numpy as np


def compile_model(model):
    model.compile(
        "sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)
    return history.history


def first_layer_weights(model):
    i = 0
    while len(model.layers[i].get_weights()) == 0:
        i = i + 1
    return model.layers[i].get_weights()[0].copy()


def weight_change(before, after):
    return [float(abs(b - a).max()) for b, a in zip(before, after)]
