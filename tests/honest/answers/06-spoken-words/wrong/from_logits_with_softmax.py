"""Mistake: from_logits=True although the model ends in softmax."""
# fails: compile_loss_fits_labels
# may: loss_goes_down
# says: from_logits=True means that softmax is still to come, but the model already ends in softmax; leave it away.
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
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss_fn, metrics=["accuracy"])
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
