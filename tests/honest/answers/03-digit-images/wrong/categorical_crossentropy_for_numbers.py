"""Mistake: categorical_crossentropy wants one-hot rows, but the labels are class numbers."""
# fails: compile_loss_fits_labels
# may: accuracy_passes, compile_reports_accuracy, history_shows_validation, validation_is_not_learned, loss_goes_down, every_weight_changes, overfitting_is_seen, best_epoch_is_found, best_weights_are_kept
# says: The loss does not fit class numbers (it needs one-hot rows): use "sparse_categorical_crossentropy".
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
        optimizer=keras.optimizers.Adam(learning_rate=0.02),
        loss="categorical_crossentropy",
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
    val_loss = history.history["val_loss"]
    return val_loss.index(min(val_loss)) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    says = model.predict(x, verbose=0).argmax(axis=1)
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for t, p in zip(y, says):
        matrix[t, p] += 1
    return matrix
