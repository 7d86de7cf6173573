"""Mistake: random.choice of the reply, as in tutorials with several responses; here it picks one letter."""
# fails: reply_asks_the_model
# may: reply_takes_any_spelling
# says: reply returns a single letter; REPLIES[i] is already the whole text, so return it without random.choice.
import random

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
    result = model.predict(vectorize([sentence]), verbose=0)[0]
    tag = np.argmax(result)
    return random.choice(REPLIES[tag])
