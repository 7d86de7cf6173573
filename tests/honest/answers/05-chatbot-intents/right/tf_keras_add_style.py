"""Style: tf.keras with model.add, integer input, extra hidden layer, calling the model directly."""
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

import tensorflow as tf
from tensorflow.keras.layers import Dense, Dropout, Embedding, GlobalAveragePooling1D
from tensorflow.keras.models import Sequential


def build_model(vocabulary_size, n_intents):
    model = Sequential(name="otto")
    model.add(tf.keras.Input(shape=(SENTENCE_LENGTH,), dtype="int32"))
    model.add(Embedding(input_dim=vocabulary_size, output_dim=24, name="word_table"))
    model.add(GlobalAveragePooling1D())
    model.add(Dense(32, activation="relu"))
    model.add(Dropout(0.2))
    model.add(Dense(n_intents, activation=tf.nn.softmax))
    return model


def compile_model(model):
    opt = tf.keras.optimizers.Adam(learning_rate=0.01)
    loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    model.compile(opt, loss_fn, metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")])
    return model


def train_model(model, x, y, epochs):
    history = model.fit(x, y, batch_size=32, epochs=epochs, verbose=2)
    return history


def reply(model, sentence):
    ids = tf.constant(vectorize([sentence]), dtype=tf.int32)
    probs = model(ids, training=False)
    best = tf.argmax(probs, axis=-1)
    return REPLIES[int(best[0].numpy())]
