"""Mistake: tf.math.confusion_matrix without num_classes: too small if the last classes do not occur."""
# fails: confusion_matrix_is_right
# says: If the largest classes do not occur, the matrix is too small: its shape must be (n_classes, n_classes); take n_classes from model.output_shape[-1].
import numpy as np
import tensorflow as tf
from tensorflow import keras


def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Conv2D(16, (3, 3), activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


def compile_model(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
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
    predictions = np.argmax(model.predict(x, verbose=0), axis=-1)
    return tf.math.confusion_matrix(labels=y, predictions=predictions).numpy()
