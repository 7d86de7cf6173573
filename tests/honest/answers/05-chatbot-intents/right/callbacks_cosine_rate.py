"""Style: own callback and LearningRateScheduler that lowers the rate in a half cosine."""
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


class Diary(keras.callbacks.Callback):
    """Writes one line each tenth epoch."""

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.3f}")


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 48),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model):
    adam = keras.optimizers.get({"class_name": "adam", "config": {"learning_rate": 0.01}})
    model.compile(optimizer=adam, loss=keras.losses.get("sparse_categorical_crossentropy"),
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    def rate(epoch, _):
        return 0.002 + 0.01 * (1 + math.cos(math.pi * epoch / max(epochs, 1))) / 2

    callbacks = [keras.callbacks.LearningRateScheduler(rate), Diary(), keras.callbacks.TerminateOnNaN()]
    return model.fit(x, y, epochs=epochs, callbacks=callbacks, verbose=0)


def reply(model, sentence):
    result = model.predict(vectorize([sentence]), verbose=0)
    intent = INTENTS[np.argmax(result)]
    return REPLIES[INTENTS.index(intent)]
