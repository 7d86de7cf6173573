"""Mistake: EarlyStopping ends the training long before all epochs have run."""
# fails: fit_runs_every_epoch
# may: accuracy_passes, loss_goes_down
# says: fewer epochs ran than were asked for; remove EarlyStopping
import keras
from keras.callbacks import EarlyStopping
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    stop = EarlyStopping(monitor="accuracy", mode="max", min_delta=0.001, patience=2)
    return model.fit(x, y, epochs=epochs, batch_size=16, callbacks=[stop], verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.abs(x1 - x0).max()) for x0, x1 in zip(before, after)]
