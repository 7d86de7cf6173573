"""Style: two different networks in one functional model, their probabilities averaged."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


def dense_part(clip, n_words):
    h = keras.layers.Flatten()(clip)
    h = keras.layers.Dense(64, activation="relu")(h)
    return keras.layers.Dense(n_words, activation="softmax")(h)


def conv_part(clip, n_words):
    h = keras.layers.Conv1D(48, 5, padding="same", activation="relu")(clip)
    h = keras.layers.GlobalMaxPooling1D()(h)
    return keras.layers.Dense(n_words, activation="softmax")(h)


def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))
    # each part ends with Dense and softmax, so the average of both sums to 1 as well
    both = keras.layers.Average()([dense_part(clip, n_words), conv_part(clip, n_words)])
    return keras.Model(clip, both)


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=32, verbose="auto")


def most_confused(model, x, y):
    scores = model.predict(x, verbose=0)
    predicted = [int(np.argmax(row)) for row in scores]
    pairs = [(int(t), p) for t, p in zip(y, predicted) if int(t) != p]
    if len(pairs) == 0:
        return None
    best = None
    for pair in sorted(set(pairs)):
        if best is None or pairs.count(pair) > pairs.count(best):
            best = pair
    return best
