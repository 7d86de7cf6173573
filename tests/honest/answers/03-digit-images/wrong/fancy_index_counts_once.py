"""Mistake: matrix[y, says] += 1 counts each pair only once, however often it occurs."""
# fails: confusion_matrix_is_right
# says: The matrix does not sum to the number of images: matrix[y, says] += 1 counts equal pairs only once. Use np.add.at or a loop.
import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(image_shape, n_classes):
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),
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
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    matrix[y, says] += 1
    return matrix
