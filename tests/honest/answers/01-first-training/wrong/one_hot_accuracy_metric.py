"""Mistake: CategoricalAccuracy, which compares with one-hot labels, for integer labels."""
# fails: compile_reports_accuracy
# may: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# says: CategoricalAccuracy expects one-hot labels, so the share it reports is wrong; use "accuracy" or SparseCategoricalAccuracy
import keras
from keras import losses, metrics, optimizers
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=optimizers.Adam(0.01),
        loss=losses.SparseCategoricalCrossentropy(),
        metrics=[metrics.CategoricalAccuracy(name="accuracy")],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.count_params():
            return layer.get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
