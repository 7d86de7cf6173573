"""Mistake: reports the mean absolute error (copied from a regression), not the share of right answers."""
# fails: compile_reports_accuracy
# may: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# says: the metric is the mean absolute error; the share of right answers is "accuracy"
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["mae"]
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0)


def first_layer_weights(model):
    return [layer.get_weights()[0] for layer in model.layers if layer.get_weights()][0].copy()


def weight_change(before, after):
    return [float(np.abs(np.subtract(n, o)).max()) for o, n in zip(before, after)]
