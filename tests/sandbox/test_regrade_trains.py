"""A threshold changes, the class is really trained again, and exactly the check of it moves."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from commands import hand_in, run
from courses import CORPUS, NAME, copy_course

from autograder.cli.console import SUCCESS
from autograder.grading import GradeStore
from autograder.results import Outcome

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
ANSWERS = {"ada": "as-in-the-lesson", "bob": "learning-rate-schedule"}


def test_check_whose_threshold_changed_moves_and_no_other(tmp_path: Path) -> None:
    """Steps of 0.02 are small enough for 4, and much too large for 0.0015; 0.001 is not."""
    copy_course(tmp_path)
    for student, name in ANSWERS.items():
        hand_in(tmp_path, student, (CORPUS / "right" / f"{name}.ipynb").read_bytes())
    assert run(tmp_path, "grade", NAME).returncode == SUCCESS
    store = GradeStore(tmp_path / "grades" / NAME)
    before = {student: store.read(student) for student in ANSWERS}
    course = tmp_path / "course.yml"
    course.write_text(course.read_text().replace("largest_step: 4 ", "largest_step: 0.0015 ", 1))

    shown = run(tmp_path, "regrade", NAME, "--csv", "moves.csv")
    assert shown.returncode == SUCCESS, shown.stderr
    assert {student: store.read(student) for student in ANSWERS} == before
    with (tmp_path / "moves.csv").open(newline="", encoding="utf-8") as file:
        moves = {row["student"]: (row["checks"], row["falls"]) for row in csv.DictReader(file)}
    assert moves == {"ada": ("", "no"), "bob": ("compile_sets_optimizer 1 → 0", "yes")}

    applied = run(tmp_path, "regrade", NAME, "--yes", "--reason", "smaller steps")
    assert applied.returncode == SUCCESS, applied.stderr
    grade = store.read("bob")
    assert grade is not None
    failed = [check.name for check in grade.checks if check.outcome is not Outcome.PASSED]
    assert (failed, grade.score) == (["compile_sets_optimizer"], 17)
    history = run(tmp_path, "history", "bob", NAME).stdout
    assert "Changed in the course: threshold largest_step, from 4 to 0.0015." in history
    assert "Reason: smaller steps" in history
    again = run(tmp_path, "grade", NAME)
    assert again.stderr.count("(graded before)") == len(ANSWERS)
