"""Style: object oriented, a subclass of keras.Sequential with its own ask method."""
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



class OttoNet(keras.Sequential):
    """Bag of words in the shape of a Sequential model."""

    def __init__(self, vocabulary_size, n_intents, width=20, **kwargs):
        super().__init__(**kwargs)
        self.add(keras.Input((SENTENCE_LENGTH,)))
        self.add(keras.layers.Embedding(vocabulary_size, width))
        self.add(keras.layers.GlobalAveragePooling1D())
        self.add(keras.layers.Dense(n_intents, activation="softmax"))


def build_model(vocabulary_size, n_intents):
    return OttoNet(vocabulary_size, n_intents)


def compile_model(model):
    settings = {
        "optimizer": keras.optimizers.Adamax(learning_rate=0.03),
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
    }
    model.compile(**settings)
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, batch_size=20, verbose=0)


def most_probable(model, sentence):
    return int(np.argmax(model.predict(vectorize([sentence]), verbose=0)))


def reply(model, sentence):
    return REPLIES[most_probable(model, sentence)]
