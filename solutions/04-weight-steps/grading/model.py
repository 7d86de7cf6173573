"""The notebook's model, and a loss that it does not name, in Keras."""

from __future__ import annotations

import keras
import numpy as np

FEATURES, HIDDEN, OUTPUTS = 2, 6, 1


def build_model(weights: list[np.ndarray] | None = None) -> keras.Sequential:
    """The notebook's model: 2 inputs, Dense 6 tanh, Dense 1.

    Args:
        weights: Initial weights as `get_weights` returns them; None leaves Keras' own.

    Returns:
        A built model that is not compiled.
    """
    model = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(HIDDEN, activation="tanh", name="hidden"),
            keras.layers.Dense(OUTPUTS, name="output"),
        ]
    )
    if weights is not None:
        model.set_weights(weights)
    return model


def linex(y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
    """A loss for which a prediction that is too high costs more than one that is too low.

    So it shows whether true values and predictions were passed in the wrong order.

    Args:
        y_true: True values, shape (samples, 1).
        y_pred: Predictions, shape (samples, 1).

    Returns:
        The mean of exp(gap) - gap - 1, one number.

    Source:
        Varian (1975), A Bayesian approach to real estate assessment.
    """
    gap = y_pred - y_true
    return keras.ops.mean(keras.ops.exp(gap) - gap - 1)
