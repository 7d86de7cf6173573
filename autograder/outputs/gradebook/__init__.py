"""Grades in nbgrader's own gradebook. Importing this package imports nbgrader, which is slow."""

from __future__ import annotations

from autograder.outputs.gradebook.review import reviews
from autograder.outputs.gradebook.writer import GradebookWriter

__all__ = ["GradebookWriter", "reviews"]
