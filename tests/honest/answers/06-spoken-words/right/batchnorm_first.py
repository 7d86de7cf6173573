"""Style: BatchNormalization as the first layer, Reshape to an image inside the model; one-hot product."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.BatchNormalization(),
        keras.layers.Reshape((frames, mel_bins, 1)),
        keras.layers.Conv2D(24, 3, strides=2, padding="same", activation="relu"),
        keras.layers.Conv2D(48, 3, strides=2, padding="same", activation="relu"),
        keras.layers.Conv2D(48, 3, padding="same", activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.001), metrics=["accuracy"],
                  loss=keras.losses.sparse_categorical_crossentropy)
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)


def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    one = np.eye(p.shape[1], dtype=int)
    matrix = one[y].T @ one[p.argmax(axis=1)]
    matrix -= np.diag(np.diag(matrix))
    if not matrix.any():
        return None
    return tuple(np.argwhere(matrix == matrix.max())[0])
