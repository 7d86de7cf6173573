"""Style: tf.data for training and for a single sentence."""
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

import tensorflow as tf

BATCH = 32


def build_model(vocabulary_size, n_intents):
    return tf.keras.Sequential([
        tf.keras.layers.Input((SENTENCE_LENGTH,)),
        tf.keras.layers.Embedding(vocabulary_size, 16, embeddings_initializer="normal"),
        tf.keras.layers.GlobalAvgPool1D(),
        tf.keras.layers.Dense(24, activation="tanh"),
        tf.keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(0.01, amsgrad=True),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs):
    data = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
        .batch(BATCH)
        .prefetch(tf.data.AUTOTUNE)
    )
    return model.fit(data, epochs=epochs, verbose=0)


def reply(model, sentence):
    one = tf.data.Dataset.from_tensors(vectorize([sentence]))
    probabilities = model.predict(one, verbose=0)
    return REPLIES[probabilities[0].argmax()]
