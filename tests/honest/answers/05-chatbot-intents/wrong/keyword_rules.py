"""Mistake: answers with if and in; the model is not asked."""
# fails: reply_asks_the_model
# may: reply_takes_any_spelling
# says: reply does not depend on the model: another model with other probabilities gets the same answers.
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
    history = model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)
    return history


def reply(model, sentence):
    text = sentence.lower()
    if "lunch" in text or "menu" in text or "eat" in text:
        return REPLIES[6]
    elif "password" in text or "login" in text:
        return REPLIES[7]
    elif "room" in text or "lesson" in text or "timetable" in text:
        return REPLIES[5]
    elif "borrow" in text or "book" in text or "keep" in text:
        return REPLIES[4]
    elif "lost" in text or "seen" in text or "gone" in text:
        return REPLIES[3]
    elif "open" in text or "close" in text:
        return REPLIES[2]
    elif "bye" in text:
        return REPLIES[1]
    return REPLIES[0]
