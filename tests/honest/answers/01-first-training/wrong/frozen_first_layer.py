"""Mistake: freezes the first layer before compiling, as in a transfer learning tutorial."""
# fails: every_weight_changes
# may: accuracy_passes, loss_goes_down
# says: the weights of the first layer do not change in training, because the layer is set to trainable = False
import keras
import numpy as np


def compile_model(model):
    model.layers[0].trainable = False
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0].copy()


def weight_change(before, after):
    return [float(np.max(np.abs(new - old))) for old, new in zip(before, after)]
