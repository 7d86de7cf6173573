"""A model's architecture in plain values: how it leaves the sandbox, is checked and is rebuilt.

`describe` runs beside student code. `decode` trusts nothing that it sent, and `build` makes a model
of the layers that `decode` allows. No configuration, function or file of a submission is loaded.
"""

from __future__ import annotations

from autograder.exercises.architecture.decode import build, decode
from autograder.exercises.architecture.describe import describe, is_chain
from autograder.exercises.architecture.layers import ALLOWED, Architecture, Embedding

__all__ = ["ALLOWED", "Architecture", "Embedding", "build", "decode", "describe", "is_chain"]
