"""Style: layers against overfitting (noise, spatial dropout); extra top-2 metric; argsort by keys."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(frames, mel_bins, n_words):
    model = keras.Sequential(name="robust")
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.GaussianNoise(0.15))
    model.add(keras.layers.Conv1D(64, 5, padding="same"))
    model.add(keras.layers.LeakyReLU(negative_slope=0.1))
    model.add(keras.layers.SpatialDropout1D(0.15))
    model.add(keras.layers.MaxPooling1D(3, padding="same"))
    model.add(keras.layers.Conv1D(64, 3, padding="same"))
    model.add(keras.layers.LeakyReLU(negative_slope=0.1))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(n_words))
    model.add(keras.layers.Activation("softmax"))
    return model


def compile_model(model):
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top2")],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    probs = model.predict(x, batch_size=128, verbose=0)
    n = probs.shape[1]
    matrix = np.histogram2d(y, probs.argmax(axis=1), bins=[np.arange(n + 1) - 0.5] * 2)[0].astype(int)
    matrix[np.eye(n, dtype=bool)] = 0
    rows, columns = np.nonzero(matrix)
    if rows.size == 0:
        return None
    first = np.lexsort((columns, rows, -matrix[rows, columns]))[0]
    return int(rows[first]), int(columns[first])
