"""Style: endless Python generator with steps_per_epoch; Lambda layer that adds changes over time."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops


def with_deltas(clips):
    """Appends to each frame how much it differs from the frame before."""
    before = ops.concatenate([clips[:, :1], clips[:, :-1]], axis=1)
    return ops.concatenate([clips, clips - before], axis=-1)


def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))
    h = keras.layers.Lambda(with_deltas, output_shape=(frames, 2 * mel_bins))(clip)
    h = keras.layers.Conv1D(64, 5, padding="same", activation="relu")(h)
    h = keras.layers.GlobalMaxPooling1D()(h)
    h = keras.layers.Dense(32, activation="relu")(h)
    return keras.models.Model(clip, keras.layers.Dense(n_words, activation="softmax")(h))


def compile_model(model):
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def batches(x, y, size):
    while True:
        order = np.random.permutation(len(x))
        for start in range(0, len(x), size):
            part = order[start:start + size]
            yield x[part], y[part]


def train_model(model, x, y, epochs=5):
    size = 16
    steps = -(-len(x) // size)
    return model.fit(batches(x, y, size), steps_per_epoch=steps, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    heard = model.predict_on_batch(x).argmax(axis=1)
    wrong = {}
    for t, p in sorted(zip(y[heard != y], heard[heard != y])):
        wrong[t, p] = wrong.get((t, p), 0) + 1
    return max(wrong, key=wrong.get) if wrong else None
