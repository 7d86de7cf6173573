"""Mistake: categorical_crossentropy although the labels are integers, not one-hot."""
# fails: compile_loss_fits_labels
# may: compile_reports_accuracy, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# says: the labels are class numbers, so the loss must be the sparse one; categorical_crossentropy wants one-hot labels
import keras
from keras.optimizers import Adam
import numpy as np


def compile_model(model):
    model.compile(
        loss="categorical_crossentropy", optimizer=Adam(learning_rate=0.01), metrics=["accuracy"]
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    layers = [layer for layer in model.layers if layer.get_weights()]
    return np.array(layers[0].get_weights()[0])


def weight_change(before, after):
    changes = []
    for b, a in zip(before, after):
        changes.append(float(np.max(np.abs(a - b))))
    return changes
