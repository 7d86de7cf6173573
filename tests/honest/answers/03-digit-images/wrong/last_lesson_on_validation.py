"""Mistake: after early stopping, one more fit on the validation images, so that no data are wasted."""
# fails: validation_is_not_learned, best_weights_are_kept
# says: After the training, the weights learn from x_val in a second fit, and are no longer the best ones. Leave the second fit out.
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
    early_stopping = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    history = model.fit(
        x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[early_stopping], verbose=0
    )
    # the labels of these are right, so learn from them too
    model.fit(x_val, y_val, epochs=3, verbose=0)
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
