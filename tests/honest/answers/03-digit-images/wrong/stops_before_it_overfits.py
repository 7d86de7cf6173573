"""Mistake: only 6 epochs with the careful default Adam, no callback: the last epoch is the best."""
# fails: overfitting_is_seen
# may: accuracy_passes, loss_goes_down
# says: The validation loss was still falling in the last epoch: allow many more epochs, and at least 3 after the lowest.
import numpy as np
import tensorflow as tf
from tensorflow import keras


def build_model(image_shape, n_classes):
    inputs = keras.Input(shape=image_shape)
    hidden = keras.layers.Flatten()(inputs)
    hidden = keras.layers.Dense(128, activation="relu")(hidden)
    outputs = keras.layers.Dense(n_classes, activation="softmax")(hidden)
    return keras.Model(inputs, outputs)


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, x_val, y_val):
    early = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    return model.fit(
        x, y, epochs=6, validation_data=(x_val, y_val), callbacks=[early], verbose=0
    )


def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, y_pred), 1)
    return matrix
