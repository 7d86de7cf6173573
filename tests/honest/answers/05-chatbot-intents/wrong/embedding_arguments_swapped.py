"""Mistake: gives output_dim first, input_dim second."""
# fails: embedding_fits_vocabulary
# may: build_model_fits, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, paraphrases_are_understood
# says: the Embedding has 16 rows of vocabulary_size numbers; it is the other way round: Embedding(vocabulary_size, 16).
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
        keras.layers.Embedding(16, vocabulary_size),
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
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
