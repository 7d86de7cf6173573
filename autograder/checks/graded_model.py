"""The model of a submission in the trusted process: rebuilt from plain values, or asked.

`rebuilt`: the outputs are computed here, by a model of Keras' own layers that has the submission's
weights. These weights, and nothing else, give these outputs.

`predicted`: a second run of the submission answered, which had the samples and the weights, but no
answers. The submission gives these outputs for samples whose answers it does not have.
"""

from __future__ import annotations

import abc
import functools
import hashlib
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

from autograder.checks.finding import CheckFailedError
from autograder.exercises import FloatArray, InitialWeight, first_line, usual_initial_weight
from autograder.exercises.architecture import (
    Architecture,
    Description,
    LayerBase,
    RebuiltModel,
    Shape,
    build,
)

OutputsFrom = Literal["rebuilt", "predicted"]
_MODELS_KEPT: Final = 16
_BUILDS: Final = itertools.count(1)
"""Numbers the models that are built."""
_SUM_ERROR: Final = 1e-3
_MOST_AT_ONCE: Final = 2**26
"""The most numbers of one layer's output that are in memory at once."""


class GradedModel(abc.ABC):
    """A submission's model, whose outputs can be had for given weights and samples.

    Attributes:
        outputs_from: Where its outputs come from; see the module.
        starts: How its arrays of weights start.
        arrays: Names of its arrays of weights: "layer 2 (Dense) kernel".
        layers: Its layers in words.
        input_shape: Shape of one sample; None if it is not known.
        output_shape: Shape of its output for one sample.
        last_activation: The last activation that its outputs pass through, as far as it is known.
    """

    outputs_from: OutputsFrom
    starts: Sequence[InitialWeight]
    arrays: list[str]
    layers: list[str]
    input_shape: Shape | None
    output_shape: Shape
    last_activation: str

    @property
    def parameters(self) -> int:
        """How many numbers it learns or stores."""
        return sum(math.prod(start.shape) for start in self.starts)

    @abc.abstractmethod
    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:
        """Its outputs with these weights.

        Args:
            weights: As `get_weights` returned them in the sandbox.
            x: Samples, shape (samples, ...).

        Returns:
            Shape (samples, outputs), float32.

        Raises:
            CheckFailedError: If the model cannot take the samples.
        """


class Rebuilt(GradedModel):
    """A model that was rebuilt here from its architecture.

    Attributes:
        operations: About how many multiplications it takes for one sample.
        input_kernels: Indices of its arrays that have one row per feature of a sample.

    Args:
        architecture: The layers, from `architecture.decode`.
        names: Names of the layers, where the assignment gave the model.
        starts: How its arrays start, as the sandbox said: evidence, and only whether a kernel
            starts at zero is taken from it.

    Raises:
        ArchitectureError: If the sandbox did not tell the arrays of weights apart.
    """

    outputs_from = "rebuilt"

    def __init__(
        self,
        architecture: Architecture,
        names: Sequence[str] = (),
        starts: Sequence[InitialWeight] = (),
    ) -> None:
        self._model = _build(architecture)
        self._batch = max(1, _MOST_AT_ONCE // max(map(math.prod, architecture.shapes)))
        self.operations = architecture.operations
        self.input_kernels = architecture.input_kernels
        named = names or [f"layer {n} ({la.kind})" for n, la in enumerate(architecture.layers, 1)]
        usual = [
            usual_initial_weight(named[number], weight) for number, weight in self._model.variables
        ]
        self.starts = [start for start in usual if start is not None]
        if len(starts) == len(self.starts):
            self.starts = [
                start.model_copy(update={"value": 0.0}) if _is_zero(said) else start
                for start, said in zip(self.starts, starts, strict=True)
            ]
        self.arrays = [str(start) for start in self.starts]
        self.layers = [str(layer) for layer in architecture.layers]
        self.input_shape = architecture.input_shape
        self.output_shape = architecture.output_shape
        self.last_activation = _activation_of(architecture.last_layer)

    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:  # noqa: D102
        self._model.set_weights(weights)
        try:
            return np.concatenate(
                [
                    np.asarray(self._model.model(x[start : start + self._batch], training=False))
                    for start in range(0, len(x), self._batch)
                ]
            )
        except Exception as error:
            raise _not_taken(error) from error

    def outputs_of_each(self, points: FloatArray, x: FloatArray) -> FloatArray:
        """Its outputs for many weights.

        Args:
            points: The weights as rows, shape (points, parameters), float32.
            x: As in `outputs`.

        Returns:
            Shape (points, samples, outputs), float32.

        Raises:
            CheckFailedError: If the model cannot take the samples.
        """
        try:
            parts = [
                self._model.outputs_of_each(points, x[start : start + self._batch])
                for start in range(0, len(x), self._batch)
            ]
        except Exception as error:
            raise _not_taken(error) from error
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


class Predicted(GradedModel):
    """A model whose outputs a second run of the submission predicted.

    Args:
        description: What the sandbox said about it.
        starts: How its arrays start, as the sandbox said.
        outputs: For each list of weights its outputs, by `digest_of` the weights and the samples;
            None if they are not numbers.
    """

    outputs_from = "predicted"

    def __init__(
        self,
        description: Description,
        starts: Sequence[InitialWeight],
        outputs: Mapping[tuple[bytes, bytes], FloatArray | None],
    ) -> None:
        self._outputs = outputs
        self.starts = starts
        self.arrays = [str(start) for start in starts]
        self.layers = description.kinds
        self.input_shape = description.input_shape or None
        known = [rows for rows in outputs.values() if rows is not None]
        self.output_shape = known[0].shape[1:] if known else description.output_shape
        self.last_activation = description.last_activation
        if self.last_activation == "softmax" and not all(map(is_distribution, known)):
            self.last_activation = "something else, whose outputs do not sum to 1"

    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:  # noqa: D102
        outputs = self._outputs[digest_of(weights), digest_of([x])]
        if outputs is None:
            raise CheckFailedError(
                "The model's outputs are not numbers (NaN or infinite).",
                "Look for a layer that divides by zero, or for a learning rate that is too large.",
            )
        return outputs


class NotEvaluated(GradedModel):
    """A model that takes too much to evaluate; what is known of it without, is known.

    Args:
        model: The model.
        message: What it takes.
        tip: One thing to do about it.
    """

    def __init__(self, model: GradedModel, message: str, tip: str) -> None:
        self.outputs_from = model.outputs_from
        self.starts = model.starts
        self.arrays = model.arrays
        self.layers = model.layers
        self.input_shape = model.input_shape
        self.output_shape = model.output_shape
        self.last_activation = model.last_activation
        self._reason = message, tip

    def outputs(self, weights: Sequence[FloatArray], x: FloatArray) -> FloatArray:  # noqa: ARG002, D102
        raise CheckFailedError(*self._reason)


def digest_of(arrays: Sequence[FloatArray]) -> bytes:
    """A digest of numbers, whatever their shapes are."""
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def _not_taken(error: Exception) -> CheckFailedError:
    """Why a model does not take samples, such as an id for which an Embedding has no row."""
    return CheckFailedError(
        f"The model does not take the data: {first_line(error)}",
        "Run your model on a few samples in the notebook: model(x[:2]).",
    )


def _activation_of(layer: LayerBase) -> str:
    if layer.kind in {"Softmax", "ReLU"}:
        return layer.kind.lower()
    return str(getattr(layer, "activation", "linear"))


def _is_zero(start: InitialWeight) -> bool:
    return isinstance(start.value, float) and start.value == 0


def is_distribution(outputs: FloatArray) -> bool:
    """Whether each row has probabilities that sum to 1."""
    sums = outputs.sum(axis=-1)
    return bool((outputs >= 0).all() and np.allclose(sums, 1, atol=_SUM_ERROR))


@functools.lru_cache(maxsize=_MODELS_KEPT)
def _build(architecture: Architecture) -> RebuiltModel:
    """The model with these layers, built once: only its weights differ between runs."""
    if next(_BUILDS) % _MODELS_KEPT == 0:
        import keras  # noqa: PLC0415 - as in `build`

        # TensorFlow keeps the operation that made a variable after the variable is gone, up to half
        # a megabyte for a small model; this drops such operations, and no model.
        keras.backend.clear_session()
    return build(architecture)
