"""Style: functional residual network with separable convolutions; AdamW with cosine decay; two loops."""
from words import WORDS, spoken_words

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers


def residual(h, filters):
    shortcut = layers.Conv1D(filters, 1, padding="same")(h)
    h = layers.SeparableConv1D(filters, 5, padding="same")(h)
    h = layers.BatchNormalization()(h)
    h = layers.ReLU()(h)
    h = layers.SeparableConv1D(filters, 5, padding="same")(h)
    return layers.ReLU()(layers.add([shortcut, h]))


def build_model(frames, mel_bins, n_words):
    inputs = keras.Input(shape=(frames, mel_bins))
    h = residual(inputs, 32)
    h = layers.MaxPooling1D(2, padding="same")(h)
    h = residual(h, 64)
    h = layers.GlobalMaxPooling1D()(h)
    outputs = layers.Dense(n_words, activation="softmax")(h)
    return keras.Model(inputs=inputs, outputs=outputs, name="small_resnet")


def compile_model(model):
    rate = keras.optimizers.schedules.CosineDecay(0.004, decay_steps=600, alpha=0.1)
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=rate, weight_decay=0.004),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    probabilities = model.predict(x, verbose=0)
    predicted = np.argmax(probabilities, axis=1)
    n_words = probabilities.shape[1]
    best_pair, best_count = None, 0
    for true in range(n_words):
        for guess in range(n_words):
            if true == guess:
                continue
            count = np.sum((y == true) & (predicted == guess))
            if count > best_count:
                best_pair, best_count = (true, guess), count
    return best_pair
