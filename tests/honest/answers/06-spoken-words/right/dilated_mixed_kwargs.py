"""Style: dilated convolutions, label numbers as float32 for the loss, steps_per_execution, Adamax."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np

L = keras.layers


def build_model(frames, mel_bins, n_words):
    stack = [keras.Input((frames, mel_bins))]
    stack += [L.Conv1D(32, 3, dilation_rate=d, padding="same", activation="swish") for d in (1, 2, 4)]
    stack += [L.GlobalMaxPooling1D(), L.Dropout(0.1), L.Dense(n_words, "softmax")]
    return keras.Sequential(stack)


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adamax(0.006), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"], steps_per_execution=2)
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y.astype("float32"), batch_size=16, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    heard = np.argmax(model.predict(x, verbose=0), axis=1)
    words = np.union1d(y, heard)
    best, pair = 0, None
    for true in words:
        for predicted in words:
            if predicted != true and (n := int(((y == true) & (heard == predicted)).sum())) > best:
                best, pair = n, (int(true), int(predicted))
    return pair
