"""The student's package: a wheel of what `check` needs, and how to install it.

The wheel holds the modules that `check` imports, the notebook, exercise, checks and files of each
released assignment, and what `check` reads of `course.yml`. Solutions, held-out data, the corpus,
the course key and the grader stay behind.
"""

from __future__ import annotations

from autograder.authoring.student_package.build import BUNDLED, BY_NAME, make_package
from autograder.authoring.student_package.readme import first_cell, render_readme
from autograder.authoring.student_package.requirements import (
    STUDENT_RANGES,
    distributions,
    normalized_name,
    pins,
    ranges,
)
from autograder.authoring.student_package.wheel import Distribution, Wheel, build_wheel

__all__ = [
    "BUNDLED",
    "BY_NAME",
    "STUDENT_RANGES",
    "Distribution",
    "Wheel",
    "build_wheel",
    "distributions",
    "first_cell",
    "make_package",
    "normalized_name",
    "pins",
    "ranges",
    "render_readme",
]
