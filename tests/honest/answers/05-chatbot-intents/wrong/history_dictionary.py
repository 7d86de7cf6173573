"""Mistake: returns history.history, the dictionary, not the History."""
# fails: fit_returns_history
# may: fit_runs_every_epoch
# says: train_model returns a dictionary; return what fit returns, the History itself.
from intents import (
    INTENTS,
    REPLIES,
    SENTENCE_LENGTH,
    VOCABULARY_SIZE,
    WORD_IDS,
    utterances,
    vectorize,
)

import keras
import matplotlib.pyplot as plt
import numpy as np

def build_model(vocabulary_size, n_intents):
    model = keras.Sequential()
    model.add(keras.Input(shape=(SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 24))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history.history


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
