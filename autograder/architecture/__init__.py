"""A model's architecture in plain values: how it crosses the wall, is judged, and is built again.

`describe` runs beside student code; `decode` takes what it sent for what it is, bytes of a
stranger, and `build` makes a model of the layers that it lets through. No configuration, function
or file of a submission is ever loaded.
"""

from __future__ import annotations

from autograder.architecture.decode import build, decode
from autograder.architecture.describe import describe, is_chain
from autograder.architecture.layers import ALLOWED, Architecture, Embedding

__all__ = ["ALLOWED", "Architecture", "Embedding", "build", "decode", "describe", "is_chain"]
