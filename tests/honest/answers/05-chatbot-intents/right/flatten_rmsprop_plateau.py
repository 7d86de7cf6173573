"""Style: averages of both halves of the sentence, then Flatten, RMSprop, ReduceLROnPlateau callback, plain Python max."""
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
    layers = keras.layers
    net = keras.Sequential()
    net.add(keras.Input((SENTENCE_LENGTH,)))
    net.add(layers.Embedding(vocabulary_size, 16, embeddings_initializer="uniform"))
    net.add(layers.AveragePooling1D(5))
    net.add(layers.Flatten())
    net.add(layers.Dropout(0.3))
    net.add(layers.Dense(n_intents, activation="softmax"))
    return net


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.008),
        loss=keras.losses.SparseCategoricalCrossentropy(name="xent"),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


def train_model(model, x, y, epochs):
    slower = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=3, min_lr=1e-4)
    return model.fit(x, y, epochs=epochs, callbacks=[slower], verbose=0)


def reply(model, sentence):
    probabilities = list(model.predict(vectorize([sentence]), verbose=0)[0])
    return REPLIES[probabilities.index(max(probabilities))]
