"""Mistake: sigmoid instead of softmax."""
# fails: build_model_fits
# may: build_model_follows_sizes
# says: the outputs of a clip do not sum to 1; sigmoid judges each word alone, softmax shares out one whole.
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
    model.add(keras.layers.Dense(n_words, activation="sigmoid"))
    return model


def compile_model(model):
    model.compile(optimizer="adam",
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    pred = model.predict(x, verbose=0).argmax(axis=-1)
    n = model.output_shape[-1]
    best = None
    best_count = 0
    for i in range(n):
        for j in range(n):
            if i != j:
                count = np.sum((y == i) & (pred == j))
                if count > best_count:
                    best_count = count
                    best = (i, j)
    return best
