"""Mistake: from_logits=True although the model already ends in softmax."""
# fails: compile_loss_fits_labels
# may: accuracy_passes
# says: the model ends in softmax, so its outputs are probabilities, not logits; leave from_logits=True out
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def first_layer_weights(model):
    layer = next(layer for layer in model.layers if layer.weights)
    return layer.get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.max(np.abs(b - a))) for b, a in zip(before, after)]
