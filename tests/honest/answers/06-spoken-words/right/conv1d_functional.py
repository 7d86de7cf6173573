"""Style: functional API with Conv1D and global max pooling; one bincount instead of a matrix."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers


def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins), name="clip")
    h = layers.Conv1D(32, 5, padding="same", activation="relu")(clip)
    h = layers.MaxPooling1D(2, padding="same")(h)
    h = layers.Conv1D(64, 3, padding="same", activation="relu")(h)
    h = layers.GlobalMaxPooling1D()(h)
    h = layers.Dropout(0.2)(h)
    word = layers.Dense(n_words, activation="softmax", name="word")(h)
    return keras.Model(clip, word)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.002),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, batch_size=32, epochs=epochs, verbose=2)
    return history


def most_confused(model, x, y):
    p = model.predict(x, verbose=0)
    n_words = p.shape[-1]
    heard = np.argmax(p, axis=-1)
    wrong = heard != y
    if not wrong.any():
        return None
    code = np.bincount(y[wrong] * n_words + heard[wrong]).argmax()
    return divmod(int(code), n_words)
