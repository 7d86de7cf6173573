"""Style: keeps the last tenth for validation, lowers the rate on a plateau; model called in slices."""
# borderline: the model trains on 90% of the clips that it gets.
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Conv1D(64, 5, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=4),
        keras.callbacks.LambdaCallback(on_train_end=lambda logs: print("done")),
    ]
    return model.fit(x, y, validation_split=0.1, batch_size=24, epochs=epochs, callbacks=callbacks,
                     verbose=0)


def most_confused(model, x, y):
    outputs = [np.asarray(model(x[i:i + 100])) for i in range(0, len(x), 100)]
    predicted = np.concatenate(outputs).argmax(axis=1)
    mistakes = np.flatnonzero(predicted != y)
    if mistakes.size == 0:
        return None
    pairs = sorted(zip(y[mistakes].tolist(), predicted[mistakes].tolist()))
    return max(pairs, key=pairs.count)
