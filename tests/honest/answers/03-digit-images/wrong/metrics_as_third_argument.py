"""Mistake: compile(optimizer, loss, ["accuracy"]): the third argument is loss_weights, not metrics."""
# fails: compile_reports_accuracy
# may: accuracy_passes, compile_loss_fits_labels, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_epoch_is_found, best_weights_are_kept
# says: No accuracy is measured: the third argument of compile is loss_weights. Write metrics=["accuracy"].
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
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", ["accuracy"])
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
