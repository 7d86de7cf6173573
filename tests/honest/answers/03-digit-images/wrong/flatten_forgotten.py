"""Mistake: no Flatten: Dense works on the last axis only, so the output has shape (8, 8, 10) for each image."""
# fails: build_model_fits, accuracy_passes
# may: compile_loss_fits_labels, compile_reports_accuracy, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_epoch_is_found, best_weights_are_kept, confusion_matrix_is_right
# says: The output has shape (None, 8, 8, 10) instead of (None, 10): put a Flatten layer before the Dense layers.
import numpy as np
import tensorflow as tf
from tensorflow import keras


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    callbacks = [keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)]
    history = model.fit(
        x,
        y,
        batch_size=25,
        epochs=100,
        validation_data=(x_val, y_val),
        callbacks=callbacks,
        verbose=0,
    )
    return history


def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, y_pred), 1)
    return matrix
