"""Run a command with a grader that breaks on one student: a grader error, as the machine makes one.

python tests/support/failing_grader.py STUDENT MODULE ARGUMENT...
"""

from __future__ import annotations

import runpy
import sys

from autograder.errors import MachineError
from autograder.grading import Grader
from autograder.grading.grader import Graded
from autograder.submissions import Submission


def break_on(student: str) -> None:
    """Let grading one student fail, whatever is tried."""
    ordinary = Grader.grade_and_keep

    def grade(grader: Grader, submission: Submission, *, alone: bool = False) -> Graded:
        if submission.student == student:
            raise MachineError("The disk has a bad sector.", "Replace it.")
        return ordinary(grader, submission, alone=alone)

    setattr(Grader, "grade_and_keep", grade)  # noqa: B010 - the fault; mypy would not have it


if __name__ == "__main__":
    break_on(sys.argv[1])
    sys.argv[:] = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
