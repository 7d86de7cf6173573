"""The student's package: release versions, `course.yml`, and a wheel of what `check` needs.

Solutions, private data, the course key and the grading itself stay behind: the wheel holds the
modules that are reached from `check` by imports, and nothing else.
"""

from __future__ import annotations

from autograder.student_package.build import make_package

__all__ = ["make_package"]
