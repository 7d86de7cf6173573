"""Watching a Keras model while student code trains it.

Runs beside student code, so what it reports is evidence. The trusted process checks each figure by
its own arithmetic.
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

from autograder import architecture
from autograder.exercises.settings import CompileSettings, compile_settings
from autograder.exercises.values import Observation, finite, finite_weights, type_name

MOST_EPOCHS = 500
"""Snapshots kept of one training; later epochs are counted, not kept."""
MOST_SNAPSHOT_BYTES = 10 * 2**20
"""The same bound in bytes, for large models: a reply has 16 MB."""
_MOST_NAMES = 20


class Training(Observation):
    """What one training of a model showed.

    Attributes:
        architecture: The model afterwards, as `architecture.describe` puts it.
        compiled: Settings afterwards.
        returned: Class name of what the student's function returned.
        reported: The returned history: for each of its names the value of each epoch, None for a
            value that is not finite; None if no history came back.
        epochs_run: Epochs that `fit` ran on this very model.
        epoch_weights: Weights after each epoch, up to the bounds above; None once not finite.
        weights: Weights afterwards; None if not finite.
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
        """The history's loss for each epoch, if there is one."""
        return None if self.reported is None else self.reported.get("loss")

    @property
    def diverged(self) -> bool:
        """Whether some epoch ended with weights that are no numbers."""
        return None in self.epoch_weights


class Watch:
    """What is seen of a model's `fit` while student code handles the model."""

    def __init__(self) -> None:
        self.epochs_run = 0
        self.epoch_weights: list[list[np.ndarray]] = []

    def see(self, weights: list[np.ndarray]) -> None:
        """Count an epoch, and keep its weights while there is room."""
        self.epochs_run += 1
        size = sum(array.nbytes for array in weights)
        if self.epochs_run <= min(MOST_EPOCHS, MOST_SNAPSHOT_BYTES // max(1, size)):
            self.epoch_weights.append(weights)


class _WeightSnapshots(keras.callbacks.Callback):  # type: ignore[misc] # Keras has no types
    """Shows the model's weights to a watch at the end of each epoch."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        self._watch.see(self.model.get_weights())


def watch(model: Any) -> Watch:
    """See every epoch of a model's `fit` from now on.

    A copy made by `keras.models.clone_model` is not watched: training it leaves no trace here.

    Args:
        model: A Keras model.

    Returns:
        What will be seen.
    """
    seen = Watch()
    plain_fit = model.fit
    signature = inspect.signature(plain_fit)

    @functools.wraps(plain_fit)  # a second watch asks for the signature
    def fit(*args: Any, **kwargs: Any) -> Any:
        """Train as Keras does, and take snapshots."""
        bound = signature.bind(*args, **kwargs)
        callbacks = bound.arguments.get("callbacks")
        snapshots = _WeightSnapshots(seen)
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(snapshots)
        else:
            listed = callbacks if isinstance(callbacks, Sequence) else [callbacks]
            bound.arguments["callbacks"] = [c for c in listed if c is not None] + [snapshots]
        return plain_fit(*bound.args, **bound.kwargs)

    # Past Keras' own bookkeeping: this attribute is no part of the model.
    object.__setattr__(model, "fit", fit)
    return seen


class LayersChangedError(Exception):
    """Student code changed the layers of a model that was to keep them."""


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


def training(
    model: Any,
    seen: Watch,
    returned: object,
    probe: tuple[np.ndarray, np.ndarray] | None = None,
) -> Training:
    """Put together what one training showed.

    Args:
        model: The model that was trained.
        seen: Its watch.
        returned: What the student's function returned.
        probe: Made-up outputs and answers, to see what `compile` has set; None leaves it out.

    Returns:
        The observation.
    """
    return Training(
        architecture=architecture.describe(model),
        compiled=None if probe is None else compile_settings(model, *probe),
        returned=type_name(returned),
        reported=reported_history(returned),
        epochs_run=seen.epochs_run,
        epoch_weights=[finite_weights(weights) for weights in seen.epoch_weights],
        weights=finite_weights(model.get_weights()),
    )


def reported_history(history: Any) -> dict[str, list[float | None]] | None:
    """The history that a student's function returned, as it says.

    Args:
        history: A `History`, a wrapper that has one, or a dict of lists.

    Returns:
        For each name, such as "loss", one value an epoch, None for what is not finite; or None if
        there is no such table.
    """
    if isinstance(history, keras.Model):
        return None  # a model remembers its last history, but is none
    table = getattr(history, "history", history)
    if not isinstance(table, Mapping):
        table = getattr(table, "history", table)
    if not isinstance(table, Mapping):
        return None
    return {
        str(name)[:100]: [finite(value) for value in values[:MOST_EPOCHS]]
        for name, values in itertools.islice(table.items(), _MOST_NAMES)
        if isinstance(values, (list, tuple, np.ndarray))
    }
