"""The student's package: release versions, and a wheel of what `check` needs.

The wheel holds the modules that `check` imports, each assignment's exercise, checks and released
files, and what `check` reads of `course.yml`. Solutions, held-out data, the corpus, the course key
and the grader stay behind.
"""

from __future__ import annotations

from autograder.authoring.student_package.build import BUNDLED, BY_NAME, make_package
from autograder.authoring.student_package.requirements import (
    STUDENT_RANGES,
    distributions,
    normalized_name,
    pins,
    ranges,
)
from autograder.authoring.student_package.wheel import Wheel, build_wheel

__all__ = [
    "BUNDLED",
    "BY_NAME",
    "STUDENT_RANGES",
    "Wheel",
    "build_wheel",
    "distributions",
    "make_package",
    "normalized_name",
    "pins",
    "ranges",
]
