"""Style: the notebook's first way, Flatten and Dense layers; confusion matrix with np.add.at."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


# %%
def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


# %%
def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %%
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %%
def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    predicted = probabilities.argmax(axis=1)
    n = probabilities.shape[1]
    counts = np.zeros((n, n), dtype=int)
    np.add.at(counts, (y, predicted), 1)
    np.fill_diagonal(counts, 0)
    if counts.max() == 0:
        return None
    true, wrong = np.unravel_index(counts.argmax(), counts.shape)
    return int(true), int(wrong)
