"""Style: holds a tenth of the samples back with validation_split to watch for overfitting."""
# borderline: a tenth of the data is not trained on; the text does not forbid it
import keras
import numpy as np


def compile_model(model):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, validation_split=0.1, verbose=0)


def first_layer_weights(model):
    first = None
    for layer in model.layers:
        if layer.trainable_weights:
            first = layer
            break
    W = first.get_weights()[0]
    return np.array(W)


def weight_change(before, after):
    res = []
    for w0, w1 in zip(before, after):
        res.append(float(np.max(np.sqrt((w1 - w0) ** 2))))
    return res
