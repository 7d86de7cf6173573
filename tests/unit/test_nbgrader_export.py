"""`nbgrader export` by our plugin: a blank with its reason where nbgrader writes 0.0."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import ROOT
from gradebooks import (
    CHECKS,
    NAME,
    SUBMITTED,
    GradebookFolder,
    graded,
    nbgrader_cell,
    source_notebook,
)
from grades import make_rubric_grade
from nbgrader.apps.exportapp import ExportApp
from nbgrader.plugins import CsvExportPlugin
from traitlets.config.loader import PyFileConfigLoader

from autograder.drop_in import MarksAsCsv
from autograder.grading import GradeStore
from autograder.results import Outcome

ERROR = make_rubric_grade(CHECKS, dict.fromkeys(CHECKS, Outcome.GRADER_ERROR), student="eve")
CONFIGS = [
    ROOT / "nbgrader_config.py",
    ROOT / "autograder/authoring/new_assignment/templates/nbgrader_config.py.j2",
]


def export(folder: GradebookFolder, plugin: Any = MarksAsCsv, **settings: Any) -> dict[str, Any]:
    """Export as `nbgrader export` does; rows by student."""
    path = folder.root / "grades.csv"
    exporter = plugin(parent=ExportApp(coursedir=folder.directory), to=str(path), **settings)
    with folder.nbgrader() as gradebook:
        exporter.export(gradebook)
    with path.open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def scores(rows: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Score and status by student."""
    return {student: (row["score"], row["status"]) for student, row in rows.items()}


def test_zero_error_and_missing_are_told_apart(course_folder: GradebookFolder) -> None:
    """A zero is 0.0; a grader error and a missing submission are blank, each with its status."""
    zero = make_rubric_grade(CHECKS, dict.fromkeys(CHECKS, Outcome.FAILED), student="zoe")
    course_folder.record(graded("ada"), zero, ERROR)
    with course_folder.nbgrader() as gradebook:
        gradebook.add_student("mia")
    expected = {
        "ada": ("6.5", "graded"),
        "zoe": ("0.0", "graded"),
        "eve": ("", "not_graded"),
        "mia": ("", "missing"),
    }
    assert scores(export(course_folder)) == expected
    GradeStore(course_folder.root / "grades" / NAME).write(ERROR)
    rows = export(course_folder)
    assert scores(rows) == expected | {"eve": ("", "grader_error")}
    assert rows["eve"]["raw_score"] == rows["eve"]["late_submission_penalty"] == ""


def test_columns_and_numbers_are_nbgraders(course_folder: GradebookFolder) -> None:
    """Where there are marks, each column has what nbgrader's own CSV has."""
    course_folder.record(graded("ada"), graded("bob"), submitted_at=SUBMITTED)
    with course_folder.nbgrader() as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", email="ada@example.org")
        gradebook.find_submission_notebook(NAME, NAME, "bob").late_submission_penalty = 9
        gradebook.db.commit()
    ours, theirs = export(course_folder), export(course_folder, CsvExportPlugin)
    assert {student: row.pop("status") for student, row in ours.items()} == dict.fromkeys(
        ("ada", "bob"), "graded"
    )
    assert ours == theirs
    assert list(ours["ada"]) == list(theirs["ada"])


def test_second_attempt_that_could_not_be_graded_exports_no_first_mark(
    course_folder: GradebookFolder,
) -> None:
    """The first attempt's points are gone with a notice; the next good one has its own."""
    course_folder.record(graded("eve"))
    (notice,) = course_folder.record(ERROR)
    assert notice.startswith(
        "could not be graded, so it has no mark; the 6.5 points of the attempt"
    )
    assert course_folder.record(ERROR) == ()
    assert course_folder.auto_scores("eve") == dict.fromkeys(CHECKS, (None, True))
    assert scores(export(course_folder)) == {"eve": ("", "not_graded")}
    course_folder.record(graded("eve"))
    assert scores(export(course_folder)) == {"eve": ("6.5", "graded")}


def test_manual_marks_of_every_check_are_a_mark(course_folder: GradebookFolder) -> None:
    """A person who marked what the grader could not has settled it, also after the next run."""
    GradeStore(course_folder.root / "grades" / NAME).write(ERROR)
    course_folder.record(ERROR)
    for check in list(CHECKS)[:2]:
        course_folder.mark(check, 1, "eve")
    assert scores(export(course_folder)) == {"eve": ("", "grader_error")}
    course_folder.mark("weights_change", 1, "eve")
    course_folder.record(ERROR)
    assert course_folder.auto_scores("eve") == dict.fromkeys(CHECKS, (None, False))
    assert scores(export(course_folder)) == {"eve": ("3.0", "graded")}


@pytest.mark.parametrize(("points", "expected"), [(0, ("6.5", "graded")), (2, ("", ""))])
def test_answer_in_words_counts_only_with_points(
    course_folder: GradebookFolder, points: int, expected: tuple[str, str]
) -> None:
    """An answer of 0 points waits for nobody; one with points has no mark before a person's."""
    course_folder.create()
    question = nbgrader_cell("why", "Because.", "answer", points=points)
    release = course_folder.generate_assignment(source_notebook(CHECKS, question))
    cells = ("build", "train", "why")
    course_folder.record(graded("ada"), release=release, solution_cells=cells, answered=["why"])
    assert course_folder.auto_scores()["why"] == (None, True)
    if points:
        assert scores(export(course_folder)) == {"ada": ("", "needs_manual_grade")}
        course_folder.mark("why", 1.5)
        assert scores(export(course_folder)) == {"ada": ("8.0", "graded")}
    else:
        assert scores(export(course_folder)) == {"ada": expected}


def test_names_are_quoted_and_formulas_are_text(course_folder: GradebookFolder) -> None:
    """A comma shifts no column, and a spreadsheet computes nothing."""
    course_folder.record(graded("ada"), graded("=1+1"))
    with course_folder.nbgrader() as gradebook:
        gradebook.update_or_create_student("ada", last_name="King, Lady", first_name='"Ada"\n=2')
        gradebook.update_or_create_student("=1+1", first_name="@SUM(A1)", email="+1@example.org")
    rows = export(course_folder)
    assert (rows["ada"]["last_name"], rows["ada"]["first_name"]) == ("King, Lady", '"Ada"\n=2')
    assert rows["ada"]["score"] == "6.5"
    (other,) = [row for student, row in rows.items() if student != "ada"]
    for column in ("student_id", "first_name", "email"):
        assert not other[column].startswith(("=", "@", "+"))


def test_only_the_named_students_and_assignments_are_exported(
    course_folder: GradebookFolder,
) -> None:
    """As with nbgrader's `--student` and `--assignment`."""
    course_folder.record(graded("ada"), graded("bob"))
    assert list(export(course_folder, student=["bob"])) == ["bob"]
    assert export(course_folder, assignment=["02-other"]) == {}


@pytest.mark.parametrize("path", CONFIGS, ids=["course", "template"])
def test_shipped_configuration_exports_with_our_plugin(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`nbgrader export` needs no option: nbgrader resolves the name in the configuration."""
    for name in ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.setenv(name, "")  # the configuration sets them, and they must not stay
    (tmp_path / "nbgrader_config.py").write_text(path.read_text())
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    assert ExportApp(config=config).plugin_class is MarksAsCsv


def test_task_that_nobody_marked_has_no_mark(course_folder: GradebookFolder) -> None:
    """A task is for people alone."""
    course_folder.create()
    task = nbgrader_cell("project", "Do something.", "task", points=4)
    release = course_folder.generate_assignment(source_notebook(CHECKS, task))
    course_folder.record(graded("ada"), release=nbformat.from_dict(release))
    assert scores(export(course_folder)) == {"ada": ("", "needs_manual_grade")}
