"""Style: recurrent layers that read the frames in both directions; np.unique of the wrong pairs."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras.layers import GRU, Bidirectional, Dense, Dropout, Input
from keras.models import Sequential
from keras.optimizers import RMSprop


def build_model(frames, mel_bins, n_words):
    return Sequential([
        Input((frames, mel_bins)),
        Bidirectional(GRU(48)),
        Dropout(0.3),
        Dense(n_words, activation="softmax"),
    ])


def compile_model(model):
    model.compile(loss="sparse_categorical_crossentropy", optimizer=RMSprop(0.004),
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    predicted = model.predict(x, verbose=0).argmax(1)
    pairs = np.stack([y, predicted], axis=1)[y != predicted]
    if len(pairs) == 0:
        return None
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)  # sorted, so the first is smallest
    return tuple(kinds[np.argmax(counts)].tolist())
