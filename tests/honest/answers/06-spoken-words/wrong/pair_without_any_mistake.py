"""Mistake: does not think of a model without mistakes, argmax of zeros is 0."""
# fails: no_mistake_gives_none
# says: if the model makes no mistake, the result should be None, not (0, 0).
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np

def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Conv1D(32, 5, padding="same", activation="relu"),
        keras.layers.MaxPooling1D(2),
        keras.layers.Conv1D(64, 3, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer="adam",
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    y_pred = np.argmax(model.predict(x, verbose=0), axis=1)
    n = model.output_shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, y_pred), 1)
    np.fill_diagonal(counts, 0)
    index = counts.argmax()
    return int(index // n), int(index % n)
