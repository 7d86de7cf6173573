"""Mistake: kernel_initializer="zeros" everywhere: all hidden units stay 0, only the last bias learns."""
# fails: every_weight_changes, accuracy_passes
# may: loss_goes_down, overfitting_is_seen
# says: Most weights never change: with kernels of zeros, no gradient reaches them. Leave the random start as it is.
import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu", kernel_initializer="zeros"),
            keras.layers.Dense(n_classes, activation="softmax", kernel_initializer="zeros"),
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
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    return model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[stop], verbose=0
    )


def best_epoch(history):
    return int(np.argmin(history.history["val_loss"])) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
