"""Mistake: validation_split=0.3, although the sentences are sorted by intent."""
# fails: paraphrases_are_understood
# may: loss_goes_down, every_weight_changes
# says: the last intents are never answered right: validation_split takes away the last sentences, and the data is sorted, so the model never trains on those intents. (Harmless if the data happens to be shuffled.)
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
    return model.fit(x, y, epochs=epochs, validation_split=0.3, verbose=0)


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
