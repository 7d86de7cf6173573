"""Style: the careful "adam" string with small batches, so that 100 epochs are enough; softmax as a layer."""
import keras
import numpy as np


def build_model(image_shape, n_classes):
    model = keras.Sequential()
    model.add(keras.Input(image_shape))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dense(n_classes))
    model.add(keras.layers.Softmax())
    return model


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, x_val, y_val):
    early_stopping = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True, start_from_epoch=0
    )
    return model.fit(
        x,
        y,
        epochs=100,
        batch_size=8,
        validation_data=(x_val, y_val),
        callbacks=[early_stopping],
        verbose=0,
    )


def best_epoch(history):
    val_losses = dict(enumerate(history.history["val_loss"], start=1))
    return min(val_losses, key=val_losses.get)


def confusion_matrix(model, x, y):
    def answer(image):
        return int(np.argmax(probabilities[image]))

    probabilities = model.predict(x, verbose=0)
    n_classes = model.output_shape[-1]
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for image, true_class in enumerate(y):
        matrix[true_class, answer(image)] += 1
    return matrix
