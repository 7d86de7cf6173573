"""Mistake: the old argument name lr, copied from a Keras 2 tutorial; compile_model crashes."""
# fails: compile_sets_optimizer, compile_loss_fits_labels, compile_reports_accuracy
# may: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, accuracy_passes
# says: compile_model stops with an error: Adam has no argument lr, it is called learning_rate
import keras
from keras.optimizers import Adam
import numpy as np


def compile_model(model):
    opt = Adam(lr=0.01)
    model.compile(loss='sparse_categorical_crossentropy', optimizer=opt, metrics=['accuracy'])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return np.array(layer.get_weights()[0])


def weight_change(before, after):
    return [float(np.max(np.abs(x - y))) for x, y in zip(before, after)]
