"""Style: SGD with momentum and decay of the rate in a callback; recursive pooling; defaultdict."""
from collections import defaultdict

from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model(frames, mel_bins, n_words):
    cnn = keras.Sequential()
    cnn.add(keras.Input(shape=(frames, mel_bins)))
    cnn.add(keras.layers.Conv1D(filters=40, kernel_size=5, padding="same", activation="relu"))
    cnn.add(keras.layers.MaxPooling1D(pool_size=2, padding="same"))
    cnn.add(keras.layers.Conv1D(filters=40, kernel_size=5, padding="same", activation="relu"))
    cnn.add(keras.layers.GlobalMaxPooling1D())
    cnn.add(keras.layers.Dense(units=n_words, activation="softmax"))
    return cnn


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.03, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    decay = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.97)
    return model.fit(x, y, batch_size=16, epochs=epochs, callbacks=[decay], verbose=0)


def most_confused(model, x, y):
    answers = defaultdict(int)
    for true, predicted in zip(y.tolist(), model.predict(x, verbose=0).argmax(axis=1).tolist()):
        if predicted != true:
            answers[true, predicted] += 1
    ranking = sorted(answers.items(), key=lambda item: (-item[1], item[0]))
    return ranking[0][0] if ranking else None
