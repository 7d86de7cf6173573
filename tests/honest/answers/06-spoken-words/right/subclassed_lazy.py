"""Style: subclass of keras.Model that makes its weights at the first call; Counter with min."""
# borderline: the model has no weights before it sees the first clips, as in many Keras tutorials.
from collections import Counter

from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


class WordNet(keras.Model):
    def __init__(self, n_words, **kwargs):
        super().__init__(**kwargs)
        self.convs = [keras.layers.Conv1D(48, size, padding="same", activation="relu") for size in (3, 5)]
        self.pool = keras.layers.GlobalMaxPooling1D()
        self.dropout = keras.layers.Dropout(0.2)
        self.out = keras.layers.Dense(n_words, activation="softmax")

    def call(self, inputs, training=False):
        h = inputs
        for conv in self.convs:
            h = conv(h)
        return self.out(self.dropout(self.pool(h), training=training))


def build_model(frames, mel_bins, n_words):
    return WordNet(n_words)


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    heard = np.argmax(model.predict(x, verbose=0), axis=1)
    mistakes = Counter((int(t), int(h)) for t, h in zip(y, heard) if t != h)
    if not mistakes:
        return None
    return min(mistakes, key=lambda pair: (-mistakes[pair], pair))
