"""Style: imports the module as a whole, stacked GRU layers, everything through keras.* names."""
import intents
import keras
import numpy as np


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((intents.SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 20),
        keras.layers.GRU(24, return_sequences=True),
        keras.layers.GlobalMaxPool1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.007), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs):
    return model.fit(x, y, batch_size=32, epochs=epochs, verbose="auto")


def reply(model, sentence):
    ids = intents.vectorize([sentence])
    number = np.argmax(model.predict(ids, verbose=0)[0])
    return intents.REPLIES[number]
