"""Mistake: calls fit once per epoch in a loop and returns only the last History."""
# fails: fit_runs_every_epoch
# may: loss_goes_down
# says: the History holds one epoch only; call fit once with epochs=epochs.
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
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model


def compile_model(model):
    opt = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=opt, metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    for epoch in range(epochs):
        history = model.fit(x, y, verbose=0)
    return history


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
