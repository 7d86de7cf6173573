"""Mistake: no softmax at the end, and from_logits=True, as in the TensorFlow audio tutorial."""
# fails: build_model_fits
# may: compile_loss_fits_labels, build_model_follows_sizes
# says: the outputs are not probabilities: they do not sum to 1. End with softmax (and then without from_logits).
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
        keras.layers.Dense(n_words),
    ])


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
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
