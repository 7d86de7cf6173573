"""Mistake: loss mse, as for house prices."""
# fails: compile_loss_fits_labels
# may: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, new_voices_are_understood
# says: mean squared error compares probabilities with word numbers as if they were amounts; use sparse_categorical_crossentropy.
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
                  loss="mse",
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
            matrix[t, p] += 1
    if matrix.max() == 0:
        return None
    t, p = np.unravel_index(np.argmax(matrix), matrix.shape)
    return int(t), int(p)
