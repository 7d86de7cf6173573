"""Mistake: plain gradient descent with its usual small step."""
# fails: paraphrases_are_understood
# may: loss_goes_down, compile_sets_optimizer, every_weight_changes
# says: the loss hardly moves from 2.08; plain sgd is too slow for rare words. Use Adam with about 0.01.
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
    model.compile(optimizer="sgd",
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
