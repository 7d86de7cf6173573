"""Style: three convolutions of different widths side by side, concatenated; itertools.permutations."""
import itertools

from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(frames, mel_bins, n_words):
    clip = keras.layers.Input((frames, mel_bins))
    branches = []
    for width in (3, 5, 9):
        found = keras.layers.Conv1D(24, width, padding="causal", activation="relu")(clip)
        branches.append(keras.layers.GlobalMaxPooling1D()(found))
        branches.append(keras.layers.GlobalAveragePooling1D()(found))
    both = keras.layers.Concatenate()(branches)
    hidden = keras.layers.Dense(48, activation="selu", kernel_initializer="lecun_normal")(both)
    return keras.Model(clip, keras.layers.Dense(n_words, activation="softmax")(hidden))


def compile_model(model):
    model.compile(keras.optimizers.Adam(0.001, clipvalue=0.5), loss="sparse_categorical_crossentropy",
                  metrics=["acc"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x=x, y=y, epochs=epochs, shuffle=True, verbose=0)


def most_confused(model, x, y):
    heard = model.predict(x, verbose=0).argmax(axis=-1)
    numbers = range(model.output_shape[1])

    def count(pair):
        true, predicted = pair
        return np.count_nonzero(heard[y == true] == predicted)

    worst = max(itertools.permutations(numbers, 2), key=count)  # max takes the first of equals
    return worst if count(worst) else None
