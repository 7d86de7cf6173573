"""Style: a small transformer block with learned positions; Lion optimizer; namedtuple as the pair."""
from collections import namedtuple

from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

Confusion = namedtuple("Confusion", "true predicted")


class AddPosition(layers.Layer):
    def build(self, shape):
        self.position = self.add_weight(shape=shape[1:], initializer="random_normal", name="position")

    def call(self, inputs):
        return inputs + self.position


def build_model(frames, mel_bins, n_words, width=48):
    clip = keras.Input((frames, mel_bins))
    h = layers.Conv1D(width, 3, padding="same", activation="gelu")(clip)
    h = AddPosition()(h)
    a = layers.MultiHeadAttention(num_heads=4, key_dim=12)(h, h)
    h = layers.LayerNormalization()(h + a)
    f = layers.Dense(width)(layers.Dense(2 * width, activation="gelu")(h))
    h = layers.LayerNormalization()(h + f)
    h = layers.GlobalMaxPooling1D()(h)
    return keras.Model(clip, layers.Dense(n_words, activation="softmax")(h))


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Lion(learning_rate=0.0005),
                  loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    pairs = [Confusion(int(t), int(p)) for t, p in zip(y, predicted) if t != p]
    return max(sorted(set(pairs)), key=pairs.count, default=None)
