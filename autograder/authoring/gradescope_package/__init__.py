"""The Gradescope package: a zip with the grader and one assignment, for Gradescope."""

from __future__ import annotations

from autograder.authoring.gradescope_package.build import make_gradescope_package
from autograder.authoring.gradescope_package.requirements import locked_requirements

__all__ = ["locked_requirements", "make_gradescope_package"]
