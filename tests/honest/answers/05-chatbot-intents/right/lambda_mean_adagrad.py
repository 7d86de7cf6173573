"""Style: Lambda layers with keras.ops for average and maximum, Adagrad with a big step."""
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

from keras import ops


def mean_and_max(rows):
    return ops.concatenate([ops.mean(rows, axis=1), ops.max(rows, axis=1)], axis=-1)


def build_model(vocabulary_size, n_intents):
    width = 16
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, width),
        keras.layers.Lambda(mean_and_max, output_shape=(2 * width,)),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adagrad(learning_rate=0.3),
        loss="sparse_categorical_crossentropy",
        metrics="accuracy".split(),
    )
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, None, epochs, 0)


def reply(model, sentence):
    best, _ = max(enumerate(model.predict(vectorize([sentence]), verbose=0)[0]), key=lambda p: p[1])
    return REPLIES[best]
