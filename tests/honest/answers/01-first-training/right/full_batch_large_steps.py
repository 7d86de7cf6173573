"""Style: the whole data set is one batch, with large Adam steps; no shuffling."""
import keras
import numpy as np


def compile_model(model):
    adam = keras.optimizers.Adam(learning_rate=0.05, beta_1=0.8)
    model.compile(adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=len(x), shuffle=False, verbose=0)


def first_layer_weights(model):
    variables = [v for layer in model.layers for v in layer.weights]
    return np.array(keras.ops.convert_to_numpy(variables[0]), copy=True)


def weight_change(before, after):
    deltas = (np.asarray(a) - np.asarray(b) for a, b in zip(after, before))
    return [float(np.abs(d).max()) for d in deltas]
