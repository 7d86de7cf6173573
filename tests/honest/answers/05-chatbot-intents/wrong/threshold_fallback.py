"""Mistake: says that it did not understand if the best probability is below 0.75."""
# fails: reply_asks_the_model
# may: reply_takes_any_spelling, paraphrases_are_understood
# says: reply gives a text that is not in REPLIES when the model is not sure; it should always give the reply of the most probable intent.
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


ERROR_THRESHOLD = 0.75


def reply(model, sentence):
    res = model.predict(vectorize([sentence]), verbose=0)[0]
    results = [[i, r] for i, r in enumerate(res) if r > ERROR_THRESHOLD]
    if not results:
        return "Sorry, I did not understand that."
    results.sort(key=lambda x: x[1], reverse=True)
    return REPLIES[results[0][0]]
