"""Style: fit is called once for each epoch, and the histories are joined into the first one."""
# borderline: several calls of fit; the returned History is the first one, with all epochs added.
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
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = 0.01
    return model


def train_model(model, x, y, epochs):
    joined = model.fit(x, y, epochs=1, verbose=0)
    for epoch in range(1, epochs):
        more = model.fit(x, y, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        joined.epoch.extend(more.epoch)
        for name, values in more.history.items():
            joined.history[name].extend(values)
        if epoch % 5 == 0:
            print(epoch, joined.history["loss"][-1])
    return joined


def reply(model, sentence):
    guess = model(vectorize([sentence])).numpy()
    return REPLIES[guess[0].argmax()]
