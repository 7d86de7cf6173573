"""Mistake: Dense directly after the Embedding, so that each word has its own probabilities."""
# fails: build_model_fits
# may: compile_loss_fits_labels, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, paraphrases_are_understood
# says: the output has shape (sentences, 10, n_intents); something must make one row of the ten, such as GlobalAveragePooling1D.
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
    ids = vectorize([sentence])
    pred = model.predict(ids, verbose=0)
    intent = int(np.argmax(pred, axis=1)[0])
    return REPLIES[intent]
