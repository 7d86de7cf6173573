"""Style: functional API; two branches, each with its softmax, averaged; bincount for the matrix."""
import keras
import numpy as np
from keras.layers import Average, Conv2D, Dense, Flatten, Input
from keras.models import Model


def _dense_branch(inputs, n_classes):
    h = Flatten()(inputs)
    h = Dense(48, activation="relu")(h)
    return Dense(n_classes, activation="softmax", name="reads_pixels")(h)


def _conv_branch(inputs, n_classes):
    h = Conv2D(12, (3, 3), activation="relu")(inputs)
    h = Flatten()(h)
    return Dense(n_classes, activation="softmax", name="reads_strokes")(h)


def build_model(image_shape, n_classes):
    inputs = Input(shape=image_shape)
    outputs = Average()([_dense_branch(inputs, n_classes), _conv_branch(inputs, n_classes)])
    return Model(inputs=inputs, outputs=outputs)


def compile_model(model):
    adam = keras.optimizers.Adam(learning_rate=0.015)
    model.compile(adam, loss=keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    return model


def train_model(model, x, y, x_val, y_val):
    return model.fit(
        x=x,
        y=y,
        batch_size=20,
        epochs=90,
        verbose=0,
        callbacks=[keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)],
        validation_data=(x_val, y_val),
    )


def best_epoch(history):
    best, lowest = None, float("inf")
    for number, loss in enumerate(history.history["val_loss"], start=1):
        if loss < lowest:
            best, lowest = number, loss
    return best


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    guesses = np.argmax(model.predict(x, verbose=0), axis=1)
    return np.bincount(n_classes * np.asarray(y) + guesses, minlength=n_classes**2).reshape(
        n_classes, n_classes
    )
