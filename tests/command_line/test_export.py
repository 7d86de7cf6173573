"""`autograder export`: marks in files that other programs import."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from commands import run
from courses import NAME, ROOT
from grades import make_grade, make_verdict
from lms_import import read_canvas

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.course import load_course
from autograder.grading import GradeStore
from autograder.results import Outcome

TITLE = load_course(ROOT).assignment(NAME).title
ROSTER = f"""\
Student,ID,SIS Login ID,Section,{TITLE} (42)
"King, Ada",101,ada,A,
Émmy,102,emmy,A,5
Maria,103,maria,A,
"""


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """A course with two Grades: a mark, and a grader error."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    store = GradeStore(tmp_path / "grades" / NAME)
    store.write(make_grade(make_verdict(outcome=Outcome.PASSED), student="ada"))
    store.write(make_grade(make_verdict(outcome=Outcome.GRADER_ERROR), student="emmy"))
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    return tmp_path


def test_export_fills_the_roster(graded: Path) -> None:
    """The file has the mark, blanks without one, and the table says why."""
    done = run(graded, "export", "canvas", "--roster", "roster.csv", "--out", "import.csv")
    assert done.returncode == INCOMPLETE, done.stderr
    scores = read_canvas((graded / "import.csv").read_bytes(), f"{TITLE} (42)")
    assert scores == {"101": 3, "102": None, "103": None}
    assert "not graded, so no mark" in done.stdout
    assert "nothing was handed in" in done.stdout


def test_dry_run_writes_nothing(graded: Path) -> None:
    """The changes are shown, and no file appears."""
    before = sorted(graded.rglob("*"))
    done = run(graded, "export", "canvas", "--roster", "roster.csv", "--dry-run")
    assert "Nothing was written." in done.stdout
    assert sorted(graded.rglob("*")) == before


def test_export_as_csv_has_a_default_place(graded: Path) -> None:
    """It goes to exports/ in the course folder."""
    assert run(graded, "export", "csv").returncode == INCOMPLETE
    with (graded / "exports" / "csv.csv").open() as file:
        assert [row["score"] for row in csv.DictReader(file)] == ["3", ""]


def test_export_of_marks_alone_succeeds(graded: Path) -> None:
    """The exit status is 0 if everybody has a mark."""
    (graded / "grades" / NAME / "emmy.json").unlink()
    done = run(graded, "export", "json", "--out", "marks.json")
    assert done.returncode == SUCCESS, done.stderr
    assert [row["student"] for row in json.loads((graded / "marks.json").read_text())] == ["ada"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("canvas",), "needs the file that canvas exported"),
        (("canvas", "--roster", "nowhere.csv"), "cannot be read"),
        (("moodle", "--roster", "roster.csv"), "not a file that Moodle imports"),
        (("csv", "--column", "x"), "does not say which column"),
        (("csv", "02-no-such"), "no assignment"),
    ],
)
def test_wrong_usage_is_explained(graded: Path, arguments: list[str], message: str) -> None:
    """No traceback; the message says what is wrong."""
    done = run(graded, "export", *arguments)
    assert done.returncode == BAD_USAGE
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_export_of_totals_has_a_line_per_student(graded: Path) -> None:
    """A grader error leaves no total; systems add up by rules of their own."""
    assert run(graded, "export", "csv", "--totals").returncode == INCOMPLETE
    with (graded / "exports" / "csv.csv").open() as file:
        rows = [(row["student"], row["status"], row["score"]) for row in csv.DictReader(file)]
    assert rows == [("ada", "graded", "3"), ("emmy", "grader_error", "")]
    done = run(graded, "export", "canvas", "--roster", "roster.csv", "--totals")
    assert done.returncode == BAD_USAGE
    assert "--totals is for csv and json" in done.stderr
