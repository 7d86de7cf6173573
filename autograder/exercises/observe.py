"""Observe a Keras model while student code trains it.

This runs beside student code, so what it reports is evidence. The trusted process recomputes each
figure from the weights.
"""

from __future__ import annotations

import functools
import importlib.util
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
"""Epochs of one training whose weights are kept."""
MOST_SNAPSHOT_BYTES = 10 * 2**20
"""The same limit in bytes, for large models: a reply has 32 MB."""
MOST_LOGGED = 10_000
"""Epochs of one training whose logs are kept."""
_MOST_NAMES = 20

Table = dict[str, list[float | None]]
"""For each name, such as "loss", one value per epoch; None for a value that is not finite."""


class Training(Observation):
    """What was observed of one training.

    Attributes:
        architecture: The model after training, as `architecture.describe` returns it.
        compiled: The compile settings after training.
        returned: Class name of what the student's function returned.
        is_history: Whether that was a `History`, or an object that has one.
        reported: The returned history; None if no history was returned.
        logged: What `fit` itself reported, over all calls of `fit` on the given model.
        epochs_run: Epochs that `fit` ran on the given model.
        epochs_kept: The epochs, from 1, whose weights are in `epoch_weights`: all of them, or
            evenly spaced ones of a long training of a large model.
        epoch_weights: Weights after these epochs; None where not finite.
        weights: Weights after training; None if not finite.
        start_weights: Weights when `fit` first began, if they were not those before training.
        stopped: Whether a callback ended a `fit` before its last epoch.
    """

    architecture: dict[str, Any] | None = None
    compiled: CompileSettings | None = None
    returned: str = ""
    is_history: bool = False
    reported: Table | None = None
    logged: Table = Field(default_factory=dict)
    epochs_run: int = 0
    epochs_kept: list[int] = Field(default_factory=list)
    epoch_weights: list[list[np.ndarray] | None] = Field(default_factory=list)
    weights: list[np.ndarray] | None = None
    start_weights: list[np.ndarray] | None = None
    stopped: bool = False

    @property
    def reported_loss(self) -> list[float | None] | None:
        """The loss of each epoch according to the history, if it has one."""
        return None if self.reported is None else self.reported.get("loss")

    @property
    def diverged(self) -> bool:
        """Whether some epoch ended with weights that are not finite."""
        return None in self.epoch_weights


class EpochRecorder:
    """Records what a model's `fit` does while student code has the model.

    Attributes:
        epochs_run: Epochs that `fit` ran.
        snapshots: The weights after an epoch, by the epoch's number from 1. While there is no room
            for another one, every second one is dropped.
        logged: What `fit` reported, by name; None for an epoch without that name.
        start_weights: The weights when `fit` first began, if they were not `before`.
        stopped: Whether a callback ended a `fit` before its last epoch.

    Args:
        before: The weights before training.
    """

    def __init__(self, before: Sequence[np.ndarray] = ()) -> None:
        self._before: Sequence[np.ndarray] | None = before
        self.start_weights: list[np.ndarray] | None = None
        self.stopped = False
        self.epochs_run = 0
        self.snapshots: dict[int, list[np.ndarray]] = {}
        self.logged: dict[str, list[float | None]] = {}
        self._stride = 1

    def begin(self, weights: list[np.ndarray]) -> None:
        """Note the weights with which the first training begins."""
        if self._before is not None and not all(map(np.array_equal, weights, self._before)):
            self.start_weights = weights
        self._before = None

    def record(self, weights: list[np.ndarray], logs: Mapping[str, object]) -> None:
        """Count an epoch, note its logs, and keep its weights while there is room."""
        self.epochs_run += 1
        self._log(logs)
        if self.epochs_run % self._stride:
            return
        self.snapshots[self.epochs_run] = weights
        size = sum(array.nbytes for array in weights)
        room = max(2, min(MOST_EPOCHS, MOST_SNAPSHOT_BYTES // max(1, size)))
        while len(self.snapshots) > room:
            self._stride *= 2
            self.snapshots = {n: w for n, w in self.snapshots.items() if n % self._stride == 0}

    def _log(self, logs: Mapping[str, object]) -> None:
        if self.epochs_run > MOST_LOGGED:
            return
        for name, value in itertools.islice(logs.items(), _MOST_NAMES):
            values = self.logged.setdefault(str(name)[:100], [])
            values += [None] * (self.epochs_run - 1 - len(values)) + [finite(value)]


class _RecordingCallback(keras.callbacks.Callback):  # type: ignore[misc] # Keras has no types
    """Passes the model's weights and logs to a recorder at the end of each epoch."""

    def __init__(self, recorder: EpochRecorder) -> None:
        super().__init__()
        self._recorder = recorder

    def on_train_begin(self, logs: Mapping[str, object] | None = None) -> None:  # noqa: ARG002
        self._recorder.begin(self.model.get_weights())

    def on_train_end(self, logs: Mapping[str, object] | None = None) -> None:  # noqa: ARG002
        self._recorder.stopped |= self.model.stop_training is True

    def on_epoch_end(self, epoch: int, logs: Mapping[str, object] | None = None) -> None:  # noqa: ARG002
        self._recorder.record(self.model.get_weights(), dict(logs or {}))


def record_epochs(model: keras.Model) -> EpochRecorder:
    """Record every epoch of a model's `fit` from now on.

    A copy made by `keras.models.clone_model` is not recorded: training it leaves no trace here.

    Args:
        model: A Keras model.

    Returns:
        The recorder, which fills as epochs run.
    """
    recorder = EpochRecorder(model.get_weights())
    keras_fit = model.fit
    signature = inspect.signature(keras_fit)

    @functools.wraps(keras_fit)  # a second recorder asks for the signature
    def fit(*args: Any, **kwargs: Any) -> keras.callbacks.History:
        """Train as Keras does, and record each epoch."""
        bound = signature.bind(*args, **kwargs)
        callbacks = bound.arguments.get("callbacks")
        recording = _RecordingCallback(recorder)
        if isinstance(callbacks, keras.callbacks.CallbackList):
            recording.set_model(model)
            callbacks.callbacks.append(recording)
        else:
            given = callbacks if isinstance(callbacks, Sequence) else [callbacks]
            bound.arguments["callbacks"] = [*filter(_is_usable, given), recording]
        return keras_fit(*bound.args, **bound.kwargs)

    # Past Keras' own bookkeeping: this attribute is not part of the model.
    object.__setattr__(model, "fit", fit)
    return recorder


def _is_usable(callback: object) -> bool:
    """Whether `fit` can use a callback: it is one, and TensorBoard's needs that package."""
    if isinstance(callback, keras.callbacks.TensorBoard):
        return importlib.util.find_spec("tensorboard") is not None
    return callback is not None


def record_compile(model: keras.Model) -> dict[str, str]:
    """Record what a model's `compile` is called with, from now on.

    Args:
        model: A Keras model.

    Returns:
        The class names of its last call's arguments, by the arguments' names; it fills when
        `compile` is called.
    """
    recorded: dict[str, str] = {}
    keras_compile = model.compile
    signature = inspect.signature(keras_compile)

    @functools.wraps(keras_compile)
    def compile_model(*args: Any, **kwargs: Any) -> None:
        """Compile as Keras does, and record the arguments."""
        recorded.clear()
        arguments = signature.bind(*args, **kwargs).arguments
        recorded.update({name: type_name(value) for name, value in arguments.items()})
        keras_compile(*args, **kwargs)

    object.__setattr__(model, "compile", compile_model)
    return recorded


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
        is_history=_is_history(returned),
        reported=reported_history(returned),
        logged=recorder.logged,
        epochs_run=recorder.epochs_run,
        epochs_kept=list(recorder.snapshots),
        epoch_weights=[finite_weights(weights) for weights in recorder.snapshots.values()],
        weights=finite_weights(model.get_weights()),
        start_weights=recorder.start_weights and finite_weights(recorder.start_weights),
        stopped=recorder.stopped,
    )


def _is_history(returned: object) -> bool:
    """Whether something is a `History`, or wraps one."""
    inner = None if isinstance(returned, keras.Model) else getattr(returned, "history", None)
    return any(isinstance(value, keras.callbacks.History) for value in (returned, inner))


def reported_history(returned: object) -> Table | None:
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
        str(name)[:100]: [finite(value) for value in values[:MOST_LOGGED]]
        for name, values in itertools.islice(table.items(), _MOST_NAMES)
        if isinstance(values, (list, tuple, np.ndarray))
    }
