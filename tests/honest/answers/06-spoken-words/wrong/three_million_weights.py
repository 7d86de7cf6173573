"""Mistake: very wide Dense layers, above the limit of a million weights."""
# fails: build_model_fits
# may: build_model_follows_sizes, loss_goes_down, every_weight_changes, new_voices_are_understood
# says: the model has more than a million weights; make the layers narrower.
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np

def build_model(frames, mel_bins, n_words):
    model = keras.Sequential()
    model.add(keras.Input((frames, mel_bins)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(2048, activation="relu"))
    model.add(keras.layers.Dense(1024, activation="relu"))
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
            matrix[t, p] += 1
    if matrix.max() == 0:
        return None
    t, p = np.unravel_index(np.argmax(matrix), matrix.shape)
    return int(t), int(p)
