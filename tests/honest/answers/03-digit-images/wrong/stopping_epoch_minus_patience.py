"""Mistake: takes the number of epochs minus the patience for the best epoch, whatever the history says."""
# fails: best_epoch_is_found
# says: For a history that ends otherwise, the answer is wrong: look for the lowest val_loss in history.history.
import keras
import numpy as np


def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Conv2D(16, (3, 3), activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


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


PATIENCE = 5


def best_epoch(history):
    return len(history.history["loss"]) - PATIENCE


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
