"""Style: own PyDataset that shuffles and cuts batches, as for data that does not fit into memory."""
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

import math


class SentenceBatches(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = np.asarray(x), np.asarray(y), batch_size
        self.rng = np.random.default_rng(0)
        self.order = self.rng.permutation(len(self.x))

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index):
        part = self.order[index * self.batch_size:(index + 1) * self.batch_size]
        return self.x[part], self.y[part]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 12),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax", use_bias=False),
    ])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.015),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(SentenceBatches(x, y), epochs=epochs, verbose=0)


def reply(model, sentence):
    p = model.predict(vectorize([sentence]), verbose=0).ravel()
    return REPLIES[max(range(len(p)), key=lambda i: p[i])]
