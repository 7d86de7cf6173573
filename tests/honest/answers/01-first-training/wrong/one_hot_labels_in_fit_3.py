"""Mistake: turns the labels into one-hot rows in train_model, although the loss is the sparse one; fit crashes."""
# fails: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# may:
# says: train_model stops with an error: the loss expects class numbers; give fit y as it is, not one-hot
import keras
from keras.utils import to_categorical
import numpy as np


def compile_model(model):
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def train_model(model, x, y, epochs=5):
    y = to_categorical(y, num_classes=2)
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0].copy()


def weight_change(before, after):
    result = []
    for i in range(len(before)):
        result.append(float(np.abs(after[i] - before[i]).max()))
    return result
