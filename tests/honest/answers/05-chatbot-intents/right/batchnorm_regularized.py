"""Style: l2 regularization, BatchNormalization, activation layers of their own, helper functions."""
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

from keras import layers, regularizers

PENALTY = regularizers.l2(1e-5)


def hidden_block(units):
    return [layers.Dense(units, kernel_regularizer=PENALTY), layers.BatchNormalization(),
            layers.Activation("relu")]


def build_model(vocabulary_size, n_intents):
    return keras.Sequential(
        [keras.Input((SENTENCE_LENGTH,)),
         layers.Embedding(vocabulary_size, 24, embeddings_regularizer=PENALTY),
         layers.GlobalAveragePooling1D()]
        + hidden_block(32)
        + [layers.Dense(n_intents), layers.Activation("softmax")]
    )


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum_over_batch_size"),
                  metrics=["accuracy"], jit_compile=False)
    return model


def train_model(model, x, y, epochs):
    return model.fit(np.array(x), np.array(y), batch_size=64, epochs=epochs, verbose=0)


def probabilities_of(model, sentence):
    return model.predict(vectorize([sentence]), verbose=0)[0]


def reply(model, sentence):
    return REPLIES[np.flatnonzero(probabilities_of(model, sentence) == probabilities_of(model, sentence).max())[0]]
