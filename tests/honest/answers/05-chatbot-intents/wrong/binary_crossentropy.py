"""Mistake: loss of a yes-or-no question, kept from a sentiment tutorial."""
# fails: compile_loss_fits_labels
# may: fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, paraphrases_are_understood
# says: binary_crossentropy is for two classes; labels that are intent numbers need sparse_categorical_crossentropy.
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
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="binary_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    ids = vectorize([sentence])
    pred = model.predict(ids, verbose=0)
    intent = int(np.argmax(pred, axis=1)[0])
    return REPLIES[intent]
