"""Mistake: divides each row by its sum, as normalized confusion matrices do."""
# fails: most_confused_is_found
# may: ties_go_to_the_first
# says: the pair has the largest share of its word, but not the most clips; count clips.
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
    n = model.output_shape[1]
    cm = np.zeros((n, n))
    np.add.at(cm, (y, predicted), 1)
    cm = cm / np.maximum(cm.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(cm, 0)
    if cm.max() == 0:
        return None
    i, j = np.unravel_index(cm.argmax(), cm.shape)
    return int(i), int(j)
