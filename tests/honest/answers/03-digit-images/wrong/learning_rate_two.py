"""Mistake: Adam(2.0) where Adam(0.02) was meant: the steps are a hundred times too long."""
# fails: accuracy_passes
# may: loss_goes_down, overfitting_is_seen, best_weights_are_kept
# says: The model is not better than guessing: its loss leaps to hundreds and comes back only to that of guessing. The learning rate is much too large; try Adam(0.02).
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
        optimizer=keras.optimizers.Adam(2.0),
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
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y, y_pred), 1)
    return matrix
