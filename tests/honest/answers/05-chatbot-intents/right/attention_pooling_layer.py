"""Style: a custom Keras layer learns how much each word counts (attention pooling)."""
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


@keras.saving.register_keras_serializable(package="otto")
class AttentionPooling(keras.layers.Layer):
    """Weighted average over the words; the weights come from a small Dense layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.score = keras.layers.Dense(1, use_bias=False)

    def build(self, input_shape):
        self.score.build(input_shape)
        super().build(input_shape)

    def call(self, rows):
        weight = ops.softmax(self.score(rows), axis=1)
        return ops.sum(weight * rows, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,), dtype="int64"),
        keras.layers.Embedding(vocabulary_size, 16),
        AttentionPooling(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model):
    model.compile(keras.optimizers.Adam(1e-2, beta_1=0.85), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    row = vectorize([sentence])
    answer = ops.convert_to_numpy(ops.argmax(model(row), axis=-1))
    return REPLIES[answer.item()]
