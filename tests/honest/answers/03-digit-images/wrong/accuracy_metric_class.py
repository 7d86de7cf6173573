"""Mistake: keras.metrics.Accuracy() compares probabilities with labels for equality; the string "accuracy" was meant."""
# fails: compile_reports_accuracy
# may: accuracy_passes, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_epoch_is_found, best_weights_are_kept
# says: The metric is not the share of right answers: keras.metrics.Accuracy() asks whether an output equals the label, and even fails on these shapes. Use metrics=["accuracy"].
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
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.Accuracy()],
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
