"""For students: `check` in their notebook, and the same for `autograder check`."""

from __future__ import annotations

from autograder.student.notebook import CheckFailed, check
from autograder.student.self_check import self_check, self_check_file

__all__ = [
    "CheckFailed",
    "check",
    "self_check",
    "self_check_file",
]
