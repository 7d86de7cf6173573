"""Mistake: trainable=False, copied from an example with pretrained GloVe vectors."""
# fails: every_weight_changes, paraphrases_are_understood
# may: loss_goes_down
# says: the weights of the Embedding do not change, because the layer is frozen (trainable=False).
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
        keras.layers.Embedding(vocabulary_size, 16, trainable=False),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


def reply(model, sentence):
    ids = vectorize([sentence])
    pred = model.predict(ids, verbose=0)
    intent = int(np.argmax(pred, axis=1)[0])
    return REPLIES[intent]
