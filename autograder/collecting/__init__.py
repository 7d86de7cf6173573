"""Unpack a learning management system's archives into nbgrader's layout."""

from __future__ import annotations

from autograder.collecting.formats import FORMATS, Format
from autograder.collecting.models import Leftover, Lms
from autograder.collecting.pipeline import Collected, Request, collect

__all__ = [
    "FORMATS",
    "Collected",
    "Format",
    "Leftover",
    "Lms",
    "Request",
    "collect",
]
