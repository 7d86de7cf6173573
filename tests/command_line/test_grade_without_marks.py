"""`autograder grade` where the grader fails on one student: no number, in no output."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import hand_in, run_here
from courses import CORPUS, NAME, copy_course
from grades import make_rubric_grade
from html_page import Page
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.errors import SandboxError
from autograder.grading import IncrementalGrader
from autograder.outputs import GradedFile
from autograder.results import Outcome
from autograder.submissions import SubmittedFile

Run = Callable[..., subprocess.CompletedProcess[str]]
RIGHT = (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course folder with two submissions, without a sandbox: zoe has 0 points, eve all."""
    course = copy_course(tmp_path)
    checks = course.assignment(NAME).checks

    def grade(_grader: IncrementalGrader, file: SubmittedFile) -> GradedFile:
        if b"fails" in file.path.read_bytes():
            raise SandboxError("The sandbox broke.")
        outcome = Outcome.FAILED if file.student == "zoe" else Outcome.PASSED
        made = make_rubric_grade(checks, dict.fromkeys(checks, outcome), student=file.student)
        return GradedFile(made, None, graded=True, folder=file.path.parent)

    monkeypatch.setattr(IncrementalGrader, "_grade", grade)
    monkeypatch.setattr(IncrementalGrader, "require_fit_machine", lambda _grader: None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for student in ("zoe", "eve"):
        hand_in(tmp_path, student, RIGHT)
    return course


def test_attempt_that_cannot_be_graded_has_no_number_anywhere(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """Table, summary, notice, report, notebook, gradebook and export: no old mark, and no zero."""
    root = course.root
    first = run_here(capsys, "grade", NAME)
    assert first.returncode == 0, first.stderr
    with Gradebook(f"sqlite:///{root}/gradebook.db", "why-training-changes-weights") as gradebook:
        gradebook.add_student("mia")
    hand_in(root, "eve", RIGHT.replace(b"return model", b"return model # fails"))
    second = run_here(capsys, "grade", NAME)
    assert second.returncode == 3

    rows = {line.split()[1]: line for line in second.stdout.splitlines() if line.startswith("│")}
    assert "no mark" in rows["eve"]
    assert "grader_error" in rows["eve"]
    assert "0/18" in rows["zoe"]
    assert "mia" in second.stdout
    assert "eve: could not be graded, so it has no mark; the 18 points of the" in second.stderr
    assert "1 submission without a mark, because the grader failed: eve." in second.stderr
    assert "blank in every export" in second.stderr

    report = Page((root / "feedback" / "eve" / NAME / f"{NAME}.html").read_text()).text
    assert "No mark yet" in report
    assert "0 of 18" not in report
    zero = Page((root / "feedback" / "zoe" / NAME / f"{NAME}.html").read_text()).text
    assert "0 of 18" in zero
    notebook = (root / "autograded" / "eve" / NAME / f"{NAME}.ipynb").read_text()
    assert "no mark" in notebook
    with Gradebook(f"sqlite:///{root}/gradebook.db", "why-training-changes-weights") as gradebook:
        grades = gradebook.find_submission_notebook(NAME, NAME, "eve").grades
        checks = course.assignment(NAME).checks
        assert {row.auto_score for row in grades if row.name in checks} == {None}
        assert all(row.needs_manual_grade for row in grades if row.name in checks)

    assert run_here(capsys, "export", "csv", NAME).returncode == 3
    with (root / "exports" / "csv.csv").open(newline="") as file:
        exported = {row["student"]: (row["score"], row["status"]) for row in csv.DictReader(file)}
    assert exported == {
        "eve": ("", "grader_error"),
        "mia": ("", "missing"),
        "zoe": ("0", "graded"),
    }
