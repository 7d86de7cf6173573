"""Mistake: vectorize(sentence) without a list."""
# fails: reply_asks_the_model, reply_takes_any_spelling
# may: paraphrases_are_understood
# says: vectorize takes a list of sentences: write vectorize([sentence]).
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
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    probabilities = model.predict(vectorize(sentence), verbose=0)
    return REPLIES[np.argmax(probabilities)]
