"""Mistake: copies vocab_size = 1000 from a chatbot tutorial instead of using the argument."""
# fails: embedding_fits_vocabulary
# says: the Embedding always has 1000 rows; it should have vocabulary_size rows.
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

VOCAB = 1000
EMBEDDING_DIM = 16

def build_model(vocabulary_size, n_intents):
    model = keras.Sequential()
    model.add(keras.Input(shape=(SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(VOCAB, EMBEDDING_DIM))
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
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    return history


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
