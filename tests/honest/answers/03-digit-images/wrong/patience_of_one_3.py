"""Mistake: patience=1: training stops one epoch after the lowest validation loss; three are required."""
# fails: overfitting_is_seen
# may: accuracy_passes
# says: Only 1 epoch comes after the lowest validation loss; at least 3 are needed to see that it was the lowest. Raise patience.
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
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def train_model(model, x, y, x_val, y_val):
    cb = keras.callbacks.EarlyStopping(monitor="val_loss", patience=1, restore_best_weights=True)
    history = model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[cb], verbose=0
    )
    return history


def best_epoch(history):
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, y_pred), 1)
    return matrix
