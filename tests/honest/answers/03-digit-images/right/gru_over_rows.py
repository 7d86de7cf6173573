"""Style: reads the image row by row with a GRU (Reshape, no Flatten); an odd but valid network."""
import keras
import numpy as np


def build_model(image_shape, n_classes):
    rows, columns, channels = image_shape
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Reshape((rows, columns * channels)),
            keras.layers.Bidirectional(keras.layers.GRU(40)),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    callback = keras.callbacks.EarlyStopping(
        monitor="val_loss", min_delta=0, patience=5, restore_best_weights=True
    )
    return model.fit(
        x, y, epochs=100, batch_size=32, validation_data=(x_val, y_val), callbacks=callback, verbose=0
    )


def best_epoch(history):
    v = history.history["val_loss"]
    return [i + 1 for i, loss in enumerate(v) if loss == min(v)][0]


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    p = np.argmax(model.predict(x, batch_size=128, verbose=0), axis=1)
    t = np.asarray(y)
    return (
        (t[:, None, None] == np.arange(n_classes)[None, :, None])
        & (p[:, None, None] == np.arange(n_classes)[None, None, :])
    ).sum(axis=0)
