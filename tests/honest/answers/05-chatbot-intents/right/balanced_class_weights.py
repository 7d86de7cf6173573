"""Style: class weights against uneven intents, steps_per_execution, float input cast by Keras."""
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



def balance(y):
    """Weight of each intent: rare ones count more."""
    numbers, counts = np.unique(y, return_counts=True)
    return {int(n): len(y) / (len(numbers) * c) for n, c in zip(numbers, counts)}


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,), dtype="float32"),
        keras.layers.Embedding(vocabulary_size, 20, name="embedding"),
        keras.layers.GlobalAveragePooling1D(name="vote"),
        keras.layers.Dense(n_intents, activation="softmax", name="intent"),
    ])


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01, epsilon=1e-6),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=4,
    )
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, class_weight=balance(y), epochs=epochs, verbose=0)


def reply(model, sentence):
    probabilities = model.predict(vectorize([sentence]).astype("float32"), verbose=0)[0]
    pairs = sorted(zip(probabilities, range(len(probabilities))), reverse=True)
    return REPLIES[pairs[0][1]]
