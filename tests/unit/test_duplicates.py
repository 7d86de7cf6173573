"""Submissions that are the same are named, and those that are alike by chance are not."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from courses import NAME, ROOT
from grades import make_grade, make_verdict

from autograder.grading.duplicates import Duplicates
from autograder.outputs import GradedFile
from autograder.submissions import Cell, Notebook, Submission, read_notebook

RELEASE: Notebook = read_notebook(ROOT / "assignments" / NAME / f"{NAME}.ipynb")
LONG = "\n".join(f"value_{number} = {number}" for number in range(40))
DIGESTS = (f"{number:064x}" for number in itertools.count())


def graded(student: str, code: str, sha256: str = "") -> GradedFile:
    """A graded file with one cell of code; by default no other file has the same bytes."""
    submission = Submission(
        student=student,
        sha256=sha256 or next(DIGESTS),
        submitted_at=None,
        notebook={"cells": []},
        cells=(Cell(name="train_model", source=code),),
        modules={},
        untouched=None,
        notices=(),
    )
    return GradedFile(make_grade(make_verdict()), submission, graded=True, folder=Path())


def notices(*files: GradedFile) -> list[str]:
    """What is told of these files."""
    duplicates = Duplicates(RELEASE)
    for file in files:
        duplicates.add(file)
    return duplicates.notices()


def released_code() -> str:
    """All code of the release version."""
    cells: list[Any] = [c for c in RELEASE["cells"] if c["cell_type"] == "code"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_same_file_of_two_students_is_told_once() -> None:
    """The students are named in order, in one sentence, although their code is the same too."""
    files = [graded(student, LONG, sha256="a" * 64) for student in ("bob", "ada")]
    assert notices(*files) == ["ada, bob handed in the same file."]


def test_same_code_in_other_files_is_told() -> None:
    """Lines of comments, blank lines and spaces at the end make no difference."""
    commented = "# mine\n\n" + LONG.replace("\n", "  \n    # so\n\n")
    assert notices(graded("ada", LONG), graded("bob", commented)) == [
        "ada, bob handed in the same code, line by line."
    ]


def test_little_code_that_is_the_same_is_not_told() -> None:
    """There are not many ways to write a few lines."""
    few = "\n".join(LONG.splitlines()[:10])
    assert notices(graded("ada", few), graded("bob", few)) == []


def test_code_that_differs_is_not_told() -> None:
    """One line of difference is enough."""
    assert notices(graded("ada", LONG), graded("bob", f"{LONG}\nextra = 1")) == []


@pytest.mark.parametrize("own", ["", "# nothing yet"])
def test_release_version_handed_in_by_many_is_not_told(own: str) -> None:
    """What everybody was given is nobody's own."""
    code = f"{released_code()}\n{own}"
    files = [graded(student, code, sha256="b" * 64) for student in ("ada", "bob")]
    assert notices(*files) == []


def test_file_that_could_not_be_read_is_passed_over() -> None:
    """Without a submission there is nothing to compare."""
    unread = GradedFile(make_grade(make_verdict()), None, graded=True, folder=Path())
    assert notices(unread, unread) == []
