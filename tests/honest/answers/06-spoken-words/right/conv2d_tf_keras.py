"""Style: tf.keras, Conv2D on the spectrogram as an image; TensorFlow's own confusion matrix."""
from words import WORDS, spoken_words

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def build_model(frames, mel_bins, n_words):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.Input((frames, mel_bins, 1)))
    model.add(tf.keras.layers.Conv2D(16, (5, 5), padding="same", activation="relu"))
    model.add(tf.keras.layers.MaxPool2D((2, 2), padding="same"))
    model.add(tf.keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"))
    model.add(tf.keras.layers.MaxPool2D((2, 2), padding="same"))
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dropout(0.4))
    model.add(tf.keras.layers.Dense(n_words, activation=tf.nn.softmax))
    return model


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def most_confused(model, x, y):
    predictions = tf.argmax(model.predict(x, verbose=0), axis=1)
    n = int(model.output_shape[-1])
    matrix = tf.math.confusion_matrix(y, predictions, num_classes=n)
    matrix = tf.linalg.set_diag(matrix, tf.zeros(n, matrix.dtype))
    if int(tf.reduce_max(matrix)) == 0:
        return None
    flat = int(tf.argmax(tf.reshape(matrix, [-1])))
    return flat // n, flat % n
