"""Grades where nbgrader looks: in its own gradebook. Importing this imports nbgrader, slowly."""

from __future__ import annotations

from autograder.gradebook.review import reviews
from autograder.gradebook.writer import GradebookWriter

__all__ = ["GradebookWriter", "reviews"]
