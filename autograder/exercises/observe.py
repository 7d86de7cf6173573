"""Observe a Keras model while student code trains it.

This runs beside student code, so what it reports is evidence. The trusted process recomputes each
figure from the weights.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from pydantic import Field

from autograder.exercises import architecture
from autograder.exercises.settings import CompileSettings, compile_settings
from autograder.exercises.values import Observation, finite, finite_weights, type_name

MOST_EPOCHS = 500
"""Snapshots kept of one training; later epochs are counted, not kept."""
MOST_SNAPSHOT_BYTES = 10 * 2**20
"""The same limit in bytes, for large models: a reply has 16 MB."""
_MOST_NAMES = 20


class Training(Observation):
    """What was observed of one training.

    Attributes:
        architecture: The model after training, as `architecture.describe` returns it.
        compiled: The compile settings after training.
        returned: Class name of what the student's function returned.
        reported: The returned history: for each of its names one value per epoch, None for a
            value that is not finite; None if no history was returned.
        epochs_run: Epochs that `fit` ran on the given model.
        epoch_weights: Weights after each epoch, up to the limits above; None where not finite.
        weights: Weights after training; None if not finite.
    """

    architecture: dict[str, Any] | None = None
    compiled: CompileSettings | None = None
    returned: str = ""
    reported: dict[str, list[float | None]] | None = None
    epochs_run: int = 0
    epoch_weights: list[list[np.ndarray] | None] = Field(default_factory=list)
    weights: list[np.ndarray] | None = None

    @property
    def reported_loss(self) -> list[float | None] | None:
        """The loss of each epoch according to the history, if it has one."""
        return None if self.reported is None else self.reported.get("loss")

    @property
    def diverged(self) -> bool:
        """Whether some epoch ended with weights that are not finite."""
        return None in self.epoch_weights


class EpochRecorder:
    """Records what a model's `fit` does while student code has the model."""

    def __init__(self) -> None:
        self.epochs_run = 0
        self.epoch_weights: list[list[np.ndarray]] = []

    def record(self, weights: list[np.ndarray]) -> None:
        """Count an epoch, and keep its weights while there is room."""
        self.epochs_run += 1
        size = sum(array.nbytes for array in weights)
        if self.epochs_run <= min(MOST_EPOCHS, MOST_SNAPSHOT_BYTES // max(1, size)):
            self.epoch_weights.append(weights)


class _RecordingCallback(keras.callbacks.Callback):  # type: ignore[misc] # Keras has no types
    """Passes the model's weights to a recorder at the end of each epoch."""

    def __init__(self, recorder: EpochRecorder) -> None:
        super().__init__()
        self._recorder = recorder

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:  # noqa: ARG002
        self._recorder.record(self.model.get_weights())


def record_epochs(model: keras.Model) -> EpochRecorder:
    """Record every epoch of a model's `fit` from now on.

    A copy made by `keras.models.clone_model` is not recorded: training it leaves no trace here.

    Args:
        model: A Keras model.

    Returns:
        The recorder, which fills as epochs run.
    """
    recorder = EpochRecorder()
    keras_fit = model.fit
    signature = inspect.signature(keras_fit)

    @functools.wraps(keras_fit)  # a second recorder asks for the signature
    def fit(*args: Any, **kwargs: Any) -> keras.callbacks.History:
        """Train as Keras does, and record each epoch."""
        bound = signature.bind(*args, **kwargs)
        callbacks = bound.arguments.get("callbacks")
        recording = _RecordingCallback(recorder)
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(recording)
        else:
            given = callbacks if isinstance(callbacks, Sequence) else [callbacks]
            bound.arguments["callbacks"] = [c for c in given if c is not None] + [recording]
        return keras_fit(*bound.args, **bound.kwargs)

    # Past Keras' own bookkeeping: this attribute is not part of the model.
    object.__setattr__(model, "fit", fit)
    return recorder


class LayersChangedError(Exception):
    """Student code changed the layers of a model that it was given."""


def same_layers(model: keras.Model, weights: Sequence[np.ndarray]) -> bool:
    """Whether a model's weights still have the shapes of these."""
    return [w.shape for w in model.get_weights()] == [w.shape for w in weights]


def require_same_layers(model: keras.Model, weights: Sequence[np.ndarray], stub: str) -> None:
    """Raise if a student's function changed the model's layers.

    Args:
        model: The model that the function was given.
        weights: The weights that the model had then.
        stub: The function's name.

    Raises:
        LayersChangedError: If the shapes of the weights have changed.
    """
    if not same_layers(model, weights):
        raise LayersChangedError(f"{stub} changed the layers of the model that it was given")


def observe_training(
    model: keras.Model,
    recorder: EpochRecorder,
    returned: object,
    probe: tuple[np.ndarray, np.ndarray] | None = None,
) -> Training:
    """Collect what was observed of one training.

    Args:
        model: The model that was trained.
        recorder: The recorder of its epochs.
        returned: What the student's function returned.
        probe: Made-up outputs and answers, to observe the compile settings; None leaves them out.

    Returns:
        The observation.
    """
    return Training(
        architecture=architecture.describe(model),
        compiled=None if probe is None else compile_settings(model, *probe),
        returned=type_name(returned),
        reported=reported_history(returned),
        epochs_run=recorder.epochs_run,
        epoch_weights=[finite_weights(weights) for weights in recorder.epoch_weights],
        weights=finite_weights(model.get_weights()),
    )


def reported_history(returned: object) -> dict[str, list[float | None]] | None:
    """The history that a student's function returned, unchecked.

    Args:
        returned: A `History`, a wrapper that has one, or a dict of lists.

    Returns:
        For each name, such as "loss", one value per epoch, None for a value that is not finite; or
        None if there is no such table.
    """
    if isinstance(returned, keras.Model):
        return None  # a model remembers its last history, but is not one
    table: object = getattr(returned, "history", returned)
    if not isinstance(table, Mapping):
        table = getattr(table, "history", table)
    if not isinstance(table, Mapping):
        return None
    return {
        str(name)[:100]: [finite(value) for value in values[:MOST_EPOCHS]]
        for name, values in itertools.islice(table.items(), _MOST_NAMES)
        if isinstance(values, (list, tuple, np.ndarray))
    }
