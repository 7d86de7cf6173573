"""Style: a PyDataset feeds fit; model with a depthwise convolution; scipy's sparse matrix counts."""
import math

from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy import sparse


class Clips(keras.utils.PyDataset):
    """Shuffled batches."""

    def __init__(self, x, y, size=32):
        super().__init__()
        self.x, self.y, self.size = x, y, size
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.y) / self.size)

    def __getitem__(self, i):
        rows = self.order[self.size * i:self.size * (i + 1)]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = np.random.permutation(len(self.y))


def build_model(frames, mel_bins, n_words):
    model = keras.Sequential([keras.Input((frames, mel_bins))])
    for filters in (32, 64):
        model.add(keras.layers.Conv1D(filters, 1, activation="relu"))
        model.add(keras.layers.DepthwiseConv1D(7, padding="same", activation="relu"))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model


def compile_model(model):
    model.compile(keras.optimizers.Adam(0.004), keras.losses.SparseCategoricalCrossentropy(),
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(Clips(x, y), epochs=epochs, verbose=0)


def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    heard, n = p.argmax(axis=1), p.shape[1]
    wrong = heard != y
    if wrong.sum() == 0:
        return None
    ones = np.ones(wrong.sum(), dtype=int)
    dense = sparse.coo_matrix((ones, (y[wrong], heard[wrong])), shape=(n, n)).toarray()
    return divmod(int(dense.argmax()), n)
