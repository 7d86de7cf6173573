"""Mistake: counts the words of WORD_IDS and forgets padding and unknown."""
# fails: embedding_fits_vocabulary
# may: build_model_fits, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, paraphrases_are_understood
# says: the Embedding has a row for each of WORD_IDS only; the largest ids find no row, because 0 and 1 are ids too. Use vocabulary_size.
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
        keras.layers.Embedding(len(WORD_IDS), 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    ids = vectorize([sentence])
    pred = model.predict(ids, verbose=0)
    intent = int(np.argmax(pred, axis=1)[0])
    return REPLIES[intent]
