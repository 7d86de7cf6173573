"""Style: SGD after all, but with a large step, Nesterov momentum and a random table."""
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
    table = keras.layers.Embedding(
        vocabulary_size, 16, embeddings_initializer=keras.initializers.RandomNormal(stddev=0.2)
    )
    model = keras.Sequential([keras.Input((SENTENCE_LENGTH,)), table])
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
    return model


def compile_model(model):
    sgd = keras.optimizers.SGD(learning_rate=0.8, momentum=0.9, nesterov=True)
    model.compile(optimizer=sgd, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


def reply(model, sentence):
    x = vectorize([sentence])
    y_hat = model.predict(x, verbose=0)
    k = np.argmax(y_hat[0])
    return REPLIES[k]
