"""Mistake: splits at spaces and looks the words up itself, so that capitals and punctuation become unknown words."""
# fails: reply_takes_any_spelling
# says: the answer changes with capital letters or punctuation; use vectorize([sentence]), which ignores them.
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
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    ids = [WORD_IDS.get(word, 1) for word in sentence.split()][:SENTENCE_LENGTH]
    row = np.zeros((1, SENTENCE_LENGTH), dtype=int)
    if ids:
        row[0, -len(ids):] = ids
    return REPLIES[np.argmax(model.predict(row, verbose=0)[0])]
