"""Style: Conv1D with max pooling, a learning rate schedule inside Adam, predict_on_batch."""
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
    model = keras.models.Sequential()
    model.add(keras.layers.InputLayer(shape=(SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 32))
    model.add(keras.layers.Conv1D(48, 2, padding="same", activation="relu"))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(n_intents, "softmax"))
    return model


def compile_model(model):
    schedule = keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=0.01, decay_steps=100, decay_rate=0.9
    )
    model.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, batch_size=16, shuffle=True, verbose=0)


def reply(model, sentence):
    p = model.predict_on_batch(vectorize([sentence]))
    return REPLIES[np.argmax(p, axis=1)[0]]
