"""`autograder lab`: a student's folder with nbgrader's exchange."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from courses import NAME, ROOT

from autograder.authoring import prepare_lab
from autograder.course import Course, load_course
from autograder.errors import CourseError


@pytest.fixture
def own_course(course: Course, tmp_path: Path) -> Course:
    """A course folder with nbgrader's settings."""
    root = tmp_path / "course"
    shutil.copytree(course.root / "assignments", root / "assignments")
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    return load_course(root)


def test_prepared_lab_has_notebooks_and_an_exchange(own_course: Course) -> None:
    """Every release version is in the folder, and in the exchange for Assignment List."""
    home = prepare_lab(own_course)
    outbound = home / ".exchange" / "why-training-changes-weights" / "outbound"
    for name in own_course.assignments:
        assert (home / name / f"{name}.ipynb").is_file()
        assert (outbound / name / f"{name}.ipynb").is_file()


def test_lab_prepared_twice_keeps_the_answers(own_course: Course) -> None:
    """A second start keeps what the student wrote."""
    notebook = prepare_lab(own_course) / NAME / f"{NAME}.ipynb"
    notebook.write_text("my answers")
    prepare_lab(own_course)
    assert notebook.read_text() == "my answers"


def test_lab_without_a_release_version_names_the_command(own_course: Course) -> None:
    """The message names the folder and the command that makes it."""
    shutil.rmtree(own_course.root / "assignments" / NAME)
    with pytest.raises(CourseError, match=NAME) as raised:
        prepare_lab(own_course)
    assert "autograder release" in raised.value.tip
