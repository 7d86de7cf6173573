"""Style: recurrent network (Bidirectional LSTM) with masking, AdamW with clipping."""
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

from keras.layers import LSTM, Bidirectional, Dense, Embedding, Input


def build_model(vocabulary_size, n_intents):
    return keras.Sequential(
        layers=[
            Input(shape=(SENTENCE_LENGTH,)),
            Embedding(vocabulary_size, 24, mask_zero=True),
            Bidirectional(LSTM(24)),
            Dense(n_intents, activation="softmax"),
        ],
        name="bilstm",
    )


def compile_model(model):
    optimizer = keras.optimizers.AdamW(learning_rate=0.008, weight_decay=1e-4, clipnorm=1.0)
    model.compile(loss="sparse_categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    hist = model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)
    print("last loss:", round(hist.history["loss"][-1], 3))
    return hist


def reply(model, sentence):
    scores = model.predict(vectorize([sentence]), verbose=0).squeeze()
    ranking = np.argsort(scores)[::-1]
    return REPLIES[ranking[0]]
