"""Mistake: compile_model compiles, but returns nothing."""
# fails: compile_sets_optimizer
# may: compile_loss_fits_labels, compile_reports_accuracy
# says: compile_model returns None; it must return the compiled model (add "return model")
import keras
import numpy as np


def compile_model(model):
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])


def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
