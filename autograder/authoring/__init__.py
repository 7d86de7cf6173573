"""For course authors: new assignments, release versions, the selftest, a lab.

`authoring.calibration` and `authoring.student_package` have doors of their own: they import slowly.
"""

from __future__ import annotations

from autograder.authoring.corpus import Corpus, Entry, Expected, surprises
from autograder.authoring.lab import prepare_lab, start_lab
from autograder.authoring.new_assignment import add_new_assignment, start_course
from autograder.authoring.release import make_release
from autograder.authoring.selftest import FAILS, LUCK, PASSES, SURPRISE, Row, run_selftest
from autograder.authoring.trials import Trial, run_trials

__all__ = [
    "FAILS",
    "LUCK",
    "PASSES",
    "SURPRISE",
    "Corpus",
    "Entry",
    "Expected",
    "Row",
    "Trial",
    "add_new_assignment",
    "make_release",
    "prepare_lab",
    "run_selftest",
    "run_trials",
    "start_course",
    "start_lab",
    "surprises",
]
