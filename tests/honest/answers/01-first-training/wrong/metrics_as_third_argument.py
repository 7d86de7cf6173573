"""Mistake: gives ["accuracy"] as the third argument of compile, which is loss_weights; fit crashes later."""
# fails: compile_reports_accuracy
# may: compile_loss_fits_labels, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# says: the compiled model does not report accuracy: the third argument of compile is loss_weights, write metrics=["accuracy"]
import keras
import numpy as np


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def first_layer_weights(model):
    layer = [layer for layer in model.layers if layer.get_weights()][0]
    return np.array(layer.get_weights()[0])


def weight_change(before, after):
    return [float(np.abs(a - b).max()) for a, b in zip(before, after)]
