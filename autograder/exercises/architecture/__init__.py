"""A model's architecture in plain values: how it leaves the sandbox, is checked and is rebuilt.

`describe` runs beside student code. `decode` trusts nothing that it sent, and `build` makes a model
of the layers that `decode` allows. No configuration, function or file of a submission is loaded.
A model that cannot be rebuilt is known by its `Description` alone.
"""

from __future__ import annotations

from autograder.exercises.architecture.decode import (
    MOST_PARAMETERS,
    RebuiltModel,
    build,
    decode,
)
from autograder.exercises.architecture.describe import describe
from autograder.exercises.architecture.description import Description
from autograder.exercises.architecture.graph import Architecture
from autograder.exercises.architecture.layers import ALLOWED, Embedding, LayerBase, Shape

__all__ = [
    "ALLOWED",
    "MOST_PARAMETERS",
    "Architecture",
    "Description",
    "Embedding",
    "LayerBase",
    "RebuiltModel",
    "Shape",
    "build",
    "decode",
    "describe",
]
