"""Style: subclass of keras.Model, built before it is returned; confusion counts in a dictionary."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


class Listener(keras.Model):
    def __init__(self, n_words, filters=40):
        super().__init__()
        self.detect = keras.layers.Conv1D(filters, 5, padding="same", activation="relu")
        self.shrink = keras.layers.MaxPooling1D(2, padding="same")
        self.combine = keras.layers.Conv1D(filters, 5, padding="same", activation="relu")
        self.strongest = keras.layers.GlobalMaxPooling1D()
        self.decide = keras.layers.Dense(n_words, activation="softmax")

    def call(self, clips):
        h = self.shrink(self.detect(clips))
        return self.decide(self.strongest(self.combine(h)))


def build_model(frames, mel_bins, n_words):
    model = Listener(n_words)
    model(keras.ops.zeros((1, frames, mel_bins)))  # makes the weights
    return model


def compile_model(model):
    model.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    counts = {}
    for true, scores in zip(y, model.predict(x, verbose=0)):
        pair = (int(true), int(np.argmax(scores)))
        if pair[0] != pair[1]:
            counts[pair] = counts.get(pair, 0) + 1
    if not counts:
        return None
    most = max(counts.values())
    return min(pair for pair, count in counts.items() if count == most)
