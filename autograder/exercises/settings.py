"""What `compile` set, observed by its effects: small tests of the optimizer, loss and metrics.

This runs beside student code, so what it reports is evidence.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from autograder.exercises.student import first_line
from autograder.exercises.values import Observation, finite

STEPS = 3
"""How many steps the compiled optimizer takes."""
GRADIENT = (0.01, -0.01, 0.001)
"""The gradient of each step: signs and sizes distinguish the kinds of optimizer. It is small, so
that clipping at any usual bound leaves it as it is."""
UNIT_GRADIENT = (1.0, -1.0)
"""The gradient of the step whose length is compared with the course's limit."""
_SCHEDULED_STEPS = (0, 1, 10, 100, 1000)
"""Steps at which a learning-rate schedule is read; a warm-up begins at 0."""


class CompileSettings(Observation):
    """What `compile` set.

    Attributes:
        optimizer: The optimizer's class name, or None if there is none.
        learning_rate: Its learning rate, if it has one; of a schedule the largest early one.
        steps: What each of three steps with `GRADIENT` adds to a variable, shape (3, 3), at that
            learning rate; or None.
        unit_step: What a step with `UNIT_GRADIENT` adds, shape (2,); or None.
        loss: The loss as the student gave it, as text.
        loss_value: The compiled loss of the probe's outputs and answers, or None.
        half_loss_value: The same for the first half of the probe, or None.
        loss_error: The exception that the compiled loss raised on the probe, or "".
        metrics: Each compiled metric's value on the probe, or None if it is not finite.
        metrics_error: The exception that the compiled metrics raised on the probe, or "".
    """

    optimizer: str | None
    learning_rate: float | None
    steps: np.ndarray | None
    unit_step: np.ndarray | None = None
    loss: str
    loss_value: float | None
    half_loss_value: float | None = None
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
    rate = learning_rate_of(optimizer)
    unit_step = optimizer_steps(optimizer, [UNIT_GRADIENT], rate)
    loss_value, loss_error = _loss_on(model, outputs, answers)
    half = len(answers) // 2
    half_loss_value, _ = _loss_on(model, outputs[:half], answers[:half])
    metrics, metrics_error = _metrics_on(model, outputs, answers)
    return CompileSettings(
        optimizer=None if optimizer is None else type(optimizer).__name__[:100],
        learning_rate=rate,
        steps=optimizer_steps(optimizer, [GRADIENT] * STEPS, rate),
        unit_step=None if unit_step is None else unit_step[0],
        loss=_loss_text(model.loss),
        loss_value=loss_value,
        half_loss_value=half_loss_value,
        loss_error=loss_error,
        metrics=metrics,
        metrics_error=metrics_error,
    )


def learning_rate_of(optimizer: Any) -> float | None:
    """An optimizer's learning rate; of a schedule the largest of its early ones.

    Args:
        optimizer: A compiled optimizer; anything.

    Returns:
        The rate, or None if there is no such number.
    """
    schedule = getattr(optimizer, "_learning_rate", None)
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return finite(getattr(optimizer, "learning_rate", None))
    try:
        rates = [finite(schedule(step)) for step in _SCHEDULED_STEPS]
    except Exception:  # noqa: BLE001 - a student's own schedule may do anything
        return None
    return max((rate for rate in rates if rate is not None), default=None)


def optimizer_steps(
    optimizer: Any, gradients: Sequence[tuple[float, ...]], learning_rate: float | None = None
) -> np.ndarray | None:
    """Take steps with a copy of an optimizer; the student's own keeps its state.

    Args:
        optimizer: A compiled optimizer; anything.
        gradients: The gradient of each step.
        learning_rate: Instead of the optimizer's own; default: its own.

    Returns:
        What each step adds to a variable that starts at 0, shape (steps, len(gradient)), float32;
        None if the optimizer cannot take the steps.
    """
    try:
        copy = _copy_of(optimizer, learning_rate)
        variable = keras.Variable(np.zeros(len(gradients[0]), np.float32))
        positions = [variable.numpy()]
        for gradient in gradients:
            copy.apply([_tensor(np.array(gradient, np.float32))], [variable])
            positions.append(variable.numpy())
        steps: np.ndarray = np.diff(np.array(positions), axis=0)
    except Exception:  # noqa: BLE001 - a student's own optimizer may do anything
        return None
    return steps if np.isfinite(steps).all() else None


def _copy_of(optimizer: Any, learning_rate: float | None) -> Any:
    """A new optimizer with the same settings.

    A subclass whose constructor takes other arguments is copied as the Keras class that it extends,
    unless it takes steps of its own.
    """
    config = optimizer.get_config()
    if learning_rate is not None and "learning_rate" in config:
        config["learning_rate"] = learning_rate
    kinds = [type(optimizer)]
    if "update_step" not in vars(type(optimizer)):
        kinds += [kind for kind in type(optimizer).__mro__ if kind.__module__.startswith("keras.")]
    for kind in kinds:
        with contextlib.suppress(TypeError):
            return kind.from_config(config)
    raise TypeError("the optimizer cannot be copied")


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
        return None, first_line(error)


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
        return {}, first_line(error)


def _tensor(array: np.ndarray) -> Any:
    return keras.ops.convert_to_tensor(array)


def _loss_text(loss: object) -> str:
    if isinstance(loss, str):
        return loss[:200]
    if isinstance(loss, keras.losses.Loss):
        logits = getattr(loss, "from_logits", None) or getattr(loss, "_fn_kwargs", {}).get(
            "from_logits"
        )
        return f"{type(loss).__name__}({'from_logits=True' if logits else ''})"
    return str(getattr(loss, "__name__", type(loss).__name__))[:200]
