"""Instruments that watch a Keras model while student code handles it.

They run beside student code, so what they report is evidence. The trusted process checks each
figure by its own arithmetic.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from pydantic import BaseModel, ConfigDict

from autograder.exercises.student import describe

MOST_EPOCHS = 500
"""Snapshots kept of one training; later epochs are counted, not kept."""


class Observation(BaseModel):
    """Base of what an exercise observes: frozen, strict, arrays allowed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )


class CompileSettings(Observation):
    """What `compile` set, seen by its effects rather than by its names.

    Attributes:
        optimizer: The optimizer's class name, or None if there is none.
        learning_rate: Its learning rate at step 0, if it has one.
        step: What one step with gradient (1, -1) adds to the variable (0, 0), shape (2,).
        loss: The loss as the student gave it, in words.
        loss_value: The compiled loss of the probe's probabilities and labels, or None.
        loss_error: The exception that the compiled loss raised on the probe, or "".
        metrics: Each compiled metric's value on the probe, or None when it is not finite.
        metrics_error: The exception that the compiled metrics raised on the probe, or "".
    """

    optimizer: str | None
    learning_rate: float | None
    step: np.ndarray | None
    loss: str
    loss_value: float | None
    loss_error: str = ""
    metrics: dict[str, float | None]
    metrics_error: str = ""


class _WeightSnapshots(keras.callbacks.Callback):  # type: ignore[misc] # Keras has no types
    """Copies the model's weights at the end of each epoch."""

    def __init__(self, snapshots: list[list[np.ndarray]]) -> None:
        super().__init__()
        self._snapshots = snapshots

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        if len(self._snapshots) < MOST_EPOCHS:
            self._snapshots.append(self.model.get_weights())


class ObservedSequential(keras.Sequential):  # type: ignore[misc] # Keras has no types
    """A Sequential model that remembers its weights after every epoch of `fit`.

    A copy made by `keras.models.clone_model` is not observed: training it leaves no trace here.
    """

    def fit(self, *args: Any, **kwargs: Any) -> Any:
        """Train as `keras.Sequential.fit` does, and take snapshots."""
        bound = inspect.signature(super().fit).bind(*args, **kwargs)
        callbacks = bound.arguments.get("callbacks")
        snapshots = _WeightSnapshots(self.epoch_weights)
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(snapshots)
        else:
            listed = callbacks if isinstance(callbacks, Sequence) else [callbacks]
            bound.arguments["callbacks"] = [c for c in listed if c is not None] + [snapshots]
        return super().fit(*bound.args, **bound.kwargs)

    @property
    def epoch_weights(self) -> list[list[np.ndarray]]:
        """Weights after each epoch so far, each as `get_weights` returns them."""
        snapshots: list[list[np.ndarray]] = self.__dict__.setdefault("_epoch_weights", _Untracked())
        return snapshots


class _Untracked(list[Any]):
    """A list that Keras does not take for a part of the model."""


class LayersChangedError(Exception):
    """Student code changed the layers of the model that it was given."""


def same_layers(model: Any, weights: Sequence[np.ndarray]) -> bool:
    """Whether a model's weights still have the shapes of these."""
    return [w.shape for w in model.get_weights()] == [w.shape for w in weights]


def insist_on_layers(model: Any, weights: Sequence[np.ndarray], stub: str) -> None:
    """Note it as a stub's mistake when the model's layers are others than before.

    Args:
        model: The model that the stub was given.
        weights: The weights that it was given with.
        stub: The stub's name.

    Raises:
        LayersChangedError: If their shapes differ now.
    """
    if not same_layers(model, weights):
        raise LayersChangedError(f"{stub} changed the layers of the model that it was given")


def finite_weights(weights: Sequence[np.ndarray]) -> list[np.ndarray] | None:
    """The weights as float32 copies, or None if one of them is NaN or infinite."""
    copies = [np.array(w, dtype=np.float32) for w in weights]
    return copies if all(np.isfinite(w).all() for w in copies) else None


def finite(value: object) -> float | None:
    """The value as a float, or None if it is no finite number."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def compile_settings(
    model: Any, probabilities: np.ndarray, labels: np.ndarray
) -> CompileSettings | None:
    """See what `compile` set, by putting a small question to each part.

    Args:
        model: A built model.
        probabilities: Made-up outputs of the model, shape (samples, classes), float32.
        labels: Made-up labels, shape (samples,), int64.

    Returns:
        The settings, or None if the model is not compiled.
    """
    if not getattr(model, "compiled", False):
        return None
    optimizer = model.optimizer
    loss_value, loss_error = _loss_on(model, probabilities, labels)
    metrics, metrics_error = _metrics_on(model, probabilities, labels)
    return CompileSettings(
        optimizer=None if optimizer is None else type(optimizer).__name__,
        learning_rate=finite(getattr(optimizer, "learning_rate", None)),
        step=_one_step(optimizer),
        loss=_in_words(model.loss),
        loss_value=loss_value,
        loss_error=loss_error,
        metrics=metrics,
        metrics_error=metrics_error,
    )


def _one_step(optimizer: Any) -> np.ndarray | None:
    """Ask a copy of the optimizer for one step; the student's own keeps its state."""
    try:
        copy = type(optimizer).from_config(optimizer.get_config())
        variable = keras.Variable(np.zeros(2, np.float32))
        copy.apply([keras.ops.convert_to_tensor(np.array([1, -1], np.float32))], [variable])
        step: np.ndarray = variable.numpy()
    except Exception:  # noqa: BLE001 - an optimizer of the student's own may do anything
        return None
    return step if np.isfinite(step).all() else None


def _loss_on(model: Any, probabilities: np.ndarray, labels: np.ndarray) -> tuple[float | None, str]:
    if model.loss is None:
        return None, "no loss was given"
    try:
        value = model.compute_loss(
            x=None, y=_tensor(labels), y_pred=_tensor(probabilities), training=False
        )
        return finite(value), ""
    except Exception as error:  # noqa: BLE001 - a wrong loss may raise anything
        return None, _first_line(error)


def _metrics_on(
    model: Any, probabilities: np.ndarray, labels: np.ndarray
) -> tuple[dict[str, float | None], str]:
    try:
        found = model.compute_metrics(
            x=None, y=_tensor(labels), y_pred=_tensor(probabilities), sample_weight=None
        )
        model.reset_metrics()
        return {str(k)[:100]: finite(v) for k, v in found.items() if k != "loss"}, ""
    except Exception as error:  # noqa: BLE001 - as in _loss_on
        return {}, _first_line(error)


def _tensor(array: np.ndarray) -> Any:
    return keras.ops.convert_to_tensor(array)


def _first_line(error: Exception) -> str:
    trouble = describe(error)
    return f"{trouble.kind}: {trouble.message.strip().splitlines()[0][:300]}"


def _in_words(loss: Any) -> str:
    if isinstance(loss, str):
        return loss[:200]
    if isinstance(loss, keras.losses.Loss):
        logits = getattr(loss, "from_logits", None) or getattr(loss, "_fn_kwargs", {}).get(
            "from_logits"
        )
        return f"{type(loss).__name__}({'from_logits=True' if logits else ''})"
    return str(getattr(loss, "__name__", type(loss).__name__))[:200]


def reported_loss(history: Any) -> list[float | None] | None:
    """The loss per epoch that `train_model` returned, as it says.

    Args:
        history: A `History`, a wrapper that has one, or a dict of lists.

    Returns:
        One value an epoch, None for what is not finite; or None if there is no such list.
    """
    if isinstance(history, keras.Model):
        return None  # a model remembers its last history, but is none
    table = getattr(history, "history", history)
    if not isinstance(table, Mapping):
        table = getattr(table, "history", table)
    losses = table.get("loss") if isinstance(table, Mapping) else None
    if not isinstance(losses, (list, tuple, np.ndarray)):
        return None
    return [finite(value) for value in losses[:MOST_EPOCHS]]
