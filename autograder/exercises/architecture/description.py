"""What a sandbox said about a model that may not be rebuilt: evidence, checked for its form."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from autograder.exercises.architecture.layers import as_tuple

_Name = Annotated[str, Field(max_length=100)]
_Sizes = Annotated[
    tuple[Annotated[int, Field(ge=0, le=10_000_000)], ...],
    BeforeValidator(as_tuple),
    Field(max_length=8),
]


class Description(BaseModel):
    """A model as `describe` told about it.

    Attributes:
        kind: Its class, such as "Sequential".
        input_shape: Shape of one sample, 0 for a size that is not fixed; () if it is not known.
        output_shape: Shape of its output for one sample, likewise.
        arrays: The shapes of its arrays of weights.
        layers: Its layers: the class of each, and the settings of those that are known.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    kind: _Name
    input_shape: _Sizes
    output_shape: _Sizes
    arrays: Annotated[list[_Sizes], Field(max_length=1000)]
    layers: Annotated[list[dict[str, Any]], Field(max_length=256)]

    @property
    def kinds(self) -> list[str]:
        """The classes of the layers."""
        return [str(layer.get("kind", ""))[:100] for layer in self.layers]

    @property
    def last_activation(self) -> str:
        """The activation of the last layer that has one, "linear" if it is not known."""
        last = self.layers[-1] if self.layers else {}
        if last.get("kind") in {"Softmax", "ReLU"}:
            return str(last["kind"]).lower()
        return str(last.get("activation", "linear"))[:100]
