"""Mistake: return model.compile(...), which is None."""
# fails: compile_sets_optimizer
# may: compile_loss_fits_labels, compile_reports_accuracy, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, new_voices_are_understood
# says: compile_model returns None, because compile returns nothing; return the model.
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np

def build_model(frames, mel_bins, n_words):
    return keras.Sequential([
        keras.Input((frames, mel_bins)),
        keras.layers.Conv1D(32, 5, padding="same", activation="relu"),
        keras.layers.MaxPooling1D(2),
        keras.layers.Conv1D(64, 3, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dense(n_words, activation="softmax"),
    ])


def compile_model(model):
    return model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    pred = model.predict(x, verbose=0).argmax(axis=-1)
    n = model.output_shape[-1]
    best = None
    best_count = 0
    for i in range(n):
        for j in range(n):
            if i != j:
                count = np.sum((y == i) & (pred == j))
                if count > best_count:
                    best_count = count
                    best = (i, j)
    return best
