"""What `compile` set, observed by its effects: small tests of the optimizer, loss and metrics.

This runs beside student code, so what it reports is evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from autograder.exercises.student import describe
from autograder.exercises.values import Observation, finite

STEPS = 3
"""How many steps the compiled optimizer takes."""
GRADIENT = (1.0, -1.0, 0.1)
"""The gradient of each step: signs and sizes distinguish the kinds of optimizer."""


class CompileSettings(Observation):
    """What `compile` set.

    Attributes:
        optimizer: The optimizer's class name, or None if there is none.
        learning_rate: Its learning rate at step 0, if it has one.
        steps: What each of three steps with `GRADIENT` adds to a variable, shape (3, 3); or None.
        loss: The loss as the student gave it, as text.
        loss_value: The compiled loss of the probe's outputs and answers, or None.
        loss_error: The exception that the compiled loss raised on the probe, or "".
        metrics: Each compiled metric's value on the probe, or None if it is not finite.
        metrics_error: The exception that the compiled metrics raised on the probe, or "".
    """

    optimizer: str | None
    learning_rate: float | None
    steps: np.ndarray | None
    loss: str
    loss_value: float | None
    loss_error: str = ""
    metrics: dict[str, float | None]
    metrics_error: str = ""


def compile_settings(
    model: keras.Model, outputs: np.ndarray, answers: np.ndarray
) -> CompileSettings | None:
    """Observe what `compile` set.

    Args:
        model: A built model.
        outputs: Made-up outputs of the model, shape (samples, outputs), float32.
        answers: Made-up true answers, shape (samples,).

    Returns:
        The settings, or None if the model is not compiled.
    """
    if not getattr(model, "compiled", False):
        return None
    optimizer = model.optimizer
    loss_value, loss_error = _loss_on(model, outputs, answers)
    metrics, metrics_error = _metrics_on(model, outputs, answers)
    return CompileSettings(
        optimizer=None if optimizer is None else type(optimizer).__name__[:100],
        learning_rate=finite(getattr(optimizer, "learning_rate", None)),
        steps=optimizer_steps(optimizer, [GRADIENT] * STEPS),
        loss=_loss_text(model.loss),
        loss_value=loss_value,
        loss_error=loss_error,
        metrics=metrics,
        metrics_error=metrics_error,
    )


def optimizer_steps(optimizer: Any, gradients: Sequence[tuple[float, ...]]) -> np.ndarray | None:
    """Take steps with a copy of an optimizer; the student's own keeps its state.

    Args:
        optimizer: A compiled optimizer; anything.
        gradients: The gradient of each step.

    Returns:
        What each step adds to a variable that starts at 0, shape (steps, len(gradient)), float32;
        None if the optimizer cannot take the steps.
    """
    try:
        copy = type(optimizer).from_config(optimizer.get_config())
        variable = keras.Variable(np.zeros(len(gradients[0]), np.float32))
        positions = [variable.numpy()]
        for gradient in gradients:
            copy.apply([_tensor(np.array(gradient, np.float32))], [variable])
            positions.append(variable.numpy())
        steps: np.ndarray = np.diff(np.array(positions), axis=0)
    except Exception:  # noqa: BLE001 - a student's own optimizer may do anything
        return None
    return steps if np.isfinite(steps).all() else None


def _loss_on(
    model: keras.Model, outputs: np.ndarray, answers: np.ndarray
) -> tuple[float | None, str]:
    if model.loss is None:
        return None, "no loss was given"
    try:
        value = model.compute_loss(
            x=None, y=_tensor(answers), y_pred=_tensor(outputs), training=False
        )
        # compute_loss adds the layers' own penalties, such as weight decay by "l2".
        return finite(value - sum(model.losses)), ""
    except Exception as error:  # noqa: BLE001 - a wrong loss may raise anything
        return None, _first_line(error)


def _metrics_on(
    model: keras.Model, outputs: np.ndarray, answers: np.ndarray
) -> tuple[dict[str, float | None], str]:
    try:
        values = model.compute_metrics(
            x=None, y=_tensor(answers), y_pred=_tensor(outputs), sample_weight=None
        )
        model.reset_metrics()
        return {str(k)[:100]: finite(v) for k, v in values.items() if k != "loss"}, ""
    except Exception as error:  # noqa: BLE001 - as in _loss_on
        return {}, _first_line(error)


def _tensor(array: np.ndarray) -> Any:
    return keras.ops.convert_to_tensor(array)


def _first_line(error: Exception) -> str:
    described = describe(error)
    return f"{described.kind}: {described.message.strip().splitlines()[0][:300]}"


def _loss_text(loss: object) -> str:
    if isinstance(loss, str):
        return loss[:200]
    if isinstance(loss, keras.losses.Loss):
        logits = getattr(loss, "from_logits", None) or getattr(loss, "_fn_kwargs", {}).get(
            "from_logits"
        )
        return f"{type(loss).__name__}({'from_logits=True' if logits else ''})"
    return str(getattr(loss, "__name__", type(loss).__name__))[:200]
