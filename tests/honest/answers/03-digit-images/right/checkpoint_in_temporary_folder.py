"""Style: ModelCheckpoint(save_best_only) in a temporary folder, then load_weights; EarlyStopping only stops."""
import os
import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras.callbacks import EarlyStopping, ModelCheckpoint


def build_model(image_shape, n_classes):
    model = keras.models.Sequential(
        [
            keras.layers.InputLayer(shape=image_shape),
            keras.layers.Conv2D(8, (3, 3), activation="relu"),
            keras.layers.Conv2D(16, (3, 3), activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    return model


def compile_model(model):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(learning_rate=5e-3),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, x_val, y_val):
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "best.weights.h5")
        callbacks = [
            EarlyStopping(monitor="val_loss", patience=7),
            ModelCheckpoint(path, monitor="val_loss", save_best_only=True, save_weights_only=True),
        ]
        history = model.fit(
            x, y, epochs=100, validation_data=(x_val, y_val), callbacks=callbacks, verbose=0
        )
        model.load_weights(path)
    return history


def best_epoch(history):
    return int(tf.argmin(history.history["val_loss"]).numpy()) + 1


def confusion_matrix(model, x, y):
    n_classes = model.output_shape[-1]
    y_pred = tf.argmax(model.predict(x, verbose=0), axis=1)
    return tf.math.confusion_matrix(y, y_pred, num_classes=n_classes).numpy()
