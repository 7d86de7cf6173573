"""Style: tf.data pipeline that moves each clip a little in time, so that the network sees variety."""
from words import WORDS, spoken_words

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def build_model(frames, mel_bins, n_words):
    inp = layers.Input(shape=(frames, mel_bins))
    z = layers.Conv1D(48, 5, activation="relu", padding="same")(inp)
    z = layers.AveragePooling1D(2, padding="same")(z)
    z = layers.Conv1D(48, 5, activation="relu", padding="same")(z)
    z = layers.GlobalMaxPool1D()(z)
    return keras.models.Model(inputs=[inp], outputs=[layers.Dense(n_words, activation="softmax")(z)])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=2e-3),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def shift(clip, word):
    steps = tf.random.uniform([], -2, 3, dtype=tf.int32)
    return tf.roll(clip, steps, axis=0), word


def train_model(model, x, y, epochs=5):
    ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(y))
    ds = ds.map(shift, num_parallel_calls=2).batch(32).prefetch(1)
    return model.fit(ds, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    guess = tf.argmax(model(tf.convert_to_tensor(x), training=False), axis=-1).numpy()
    n = model.output_shape[-1]
    table = [[0] * n for _ in range(n)]
    for said, heard in zip(y, guess):
        table[said][heard] += said != heard
    most = max(max(row) for row in table)
    if most == 0:
        return None
    for said, row in enumerate(table):
        if most in row:
            return said, row.index(most)
