"""Style: mask_zero so that padding does not count in the average; Nadam; loss as a function."""
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

from keras import layers, losses, optimizers


def build_model(vocabulary_size, n_intents):
    stack = [
        keras.Input((SENTENCE_LENGTH,), name="ids"),
        layers.Embedding(vocabulary_size, 16, mask_zero=True),
        layers.GlobalAveragePooling1D(),
        layers.Dense(n_intents),
        layers.Softmax(),
    ]
    return keras.Sequential(stack)


def compile_model(model):
    model.compile(optimizers.Nadam(0.01), losses.sparse_categorical_crossentropy, metrics=["acc"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x=x, y=y, epochs=epochs, batch_size=24, verbose=0)


def reply(model, sentence):
    (row,) = model.predict(vectorize((sentence,)), verbose=0)
    number = int(row.argmax())
    return REPLIES[number]
