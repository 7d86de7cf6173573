"""Mistake: rows and columns of the matrix mixed up: returns (predicted, true)."""
# fails: most_confused_is_found
# may: ties_go_to_the_first
# says: the pair is the wrong way round: the true word comes first, then the predicted one.
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np

def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(128, activation="relu"))
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model


def compile_model(model):
    model.compile(optimizer="adam",
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    n = model.output_shape[1]
    matrix = np.zeros((n, n), dtype=int)
    for t, p in zip(y, predicted):
        if t != p:
            matrix[p, t] += 1
    if matrix.max() == 0:
        return None
    t, p = np.unravel_index(np.argmax(matrix), matrix.shape)
    return int(t), int(p)
