"""Mistake: categorical_crossentropy, and to_categorical inside of train_model."""
# fails: compile_loss_fits_labels
# may: loss_goes_down, paraphrases_are_understood
# says: the loss expects one-hot rows, but the labels are intent numbers; use sparse_categorical_crossentropy and leave y as it is.
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
    model = keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    y_onehot = keras.utils.to_categorical(y, num_classes=model.output_shape[-1])
    return model.fit(x, y_onehot, epochs=epochs, verbose=0)


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]), verbose=0)[0]
    return REPLIES[np.argmax(probabilities)]
