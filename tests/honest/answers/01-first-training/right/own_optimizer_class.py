"""Style: an optimizer class of its own (sign of a running mean of the slopes), used with fit."""
import keras
from keras import ops
import numpy as np


class SignSteps(keras.optimizers.Optimizer):
    """Move each weight by the same small step against the sign of its averaged slope."""

    def __init__(self, learning_rate=0.01, memory=0.8, name="sign_steps", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.memory = memory

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = [self.add_variable_from_reference(v, name="mean") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        mean = self.means[self._get_variable_index(variable)]
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign(mean, self.memory * mean + (1 - self.memory) * gradient)
        self.assign_sub(variable, rate * ops.sign(mean))

    def get_config(self):
        return {**super().get_config(), "memory": self.memory}


def compile_model(model):
    model.compile(
        optimizer=SignSteps(),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=2,
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)


def _has_weights(layer):
    return bool(layer.get_weights())


def first_layer_weights(model):
    layer = min(
        (layer for layer in model.layers if _has_weights(layer)), key=model.layers.index
    )
    return layer.get_weights()[0].astype("float32", copy=True)


def weight_change(before, after):
    return [float(np.ptp(np.append(np.abs(a - b), 0.0))) for a, b in zip(after, before)]
