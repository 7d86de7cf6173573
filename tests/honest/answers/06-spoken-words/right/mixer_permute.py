"""Style: MLP mixer (Permute and Dense, no convolution), global average; keras.ops in most_confused."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops


def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        layers.Input((frames, mel_bins)),
        layers.Dense(64, activation="relu"),       # mixes the pitches of a frame
        layers.Permute((2, 1)),
        layers.Dense(24, activation="relu"),       # mixes the frames
        layers.Permute((2, 1)),
        layers.LayerNormalization(),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(n_words, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Nadam(0.001), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    kwargs = dict(batch_size=16, epochs=epochs, verbose=0)
    return model.fit(x, y, **kwargs)


def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n = p.shape[1]
    true = ops.one_hot(y, n, dtype="int32")
    heard = ops.one_hot(ops.argmax(p, axis=1), n, dtype="int32")
    counts = ops.convert_to_numpy(ops.matmul(ops.transpose(true), heard)).copy()
    counts[np.diag_indices(n)] = 0
    if counts.sum() == 0:
        return None
    i, j = divmod(counts.argmax(), n)
    return (i, j)
