"""Mistake: Counter.most_common(1): of several pairs with the same count it gives the one that occurs first in the data."""
# fails: ties_go_to_the_first
# says: with equal counts the pair with the smallest true (then smallest predicted) word is wanted, not the one that occurs first.
from collections import Counter

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
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    counter = Counter((int(t), int(p)) for t, p in zip(y, predicted) if t != p)
    if not counter:
        return None
    return counter.most_common(1)[0][0]
