"""Mistake: validation_split=0.2 instead of validation_data: val_loss is measured on training images with wrong labels."""
# fails: history_shows_validation
# may: overfitting_is_seen, best_weights_are_kept, accuracy_passes
# says: val_loss was not measured on x_val, y_val but on a part of the training images: pass validation_data=(x_val, y_val).
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
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    es = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    history = model.fit(x, y, epochs=100, validation_split=0.2, callbacks=[es], verbose=0)
    return history


def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
