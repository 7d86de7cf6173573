"""`autograder roster`, and what is listed and exported once a roster is known."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from commands import hand_in, run_here
from courses import NAME, ROOT
from grades import make_grade, make_verdict
from nbgrader import api

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.grading import GradeStore
from autograder.results import Outcome

ROSTER = (
    "Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"
    '"King, Ada <b>[red]",101,ada,A\n"Nöther, Emmy",102,emmy,A\n"Ek, Bob",103,BOB,A\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course: ada is graded, bob and zoe only handed in, emmy did nothing."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    GradeStore(tmp_path / "grades" / NAME).write(
        make_grade(make_verdict(outcome=Outcome.PASSED), student="ada")
    )
    for student in ("ada", "bob", "zoe"):
        hand_in(tmp_path, student, b"{}")
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_roster_lists_who_is_missing_and_who_is_not_on_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names are filled in, the other case of an id is the course's, and a second run is silent."""
    done = run_here(capsys, "roster", "roster.csv")
    assert done.returncode == SUCCESS, done.stderr
    compared = (
        f"{NAME}: 2 of 3 students on the roster handed in. Nothing from emmy. "
        "Not on the roster: zoe."
    )
    assert compared in done.stdout
    assert "King, Ada" not in done.stdout
    assert "King" in done.stdout
    with api.Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "") as gradebook:
        assert {s.id: (s.first_name, s.last_name, s.lms_user_id) for s in gradebook.students} == {
            "ada": ("Ada <b>[red]", "King", "101"),
            "bob": ("Bob", "Ek", "103"),
            "emmy": ("Emmy", "Nöther", "102"),
        }
    again = run_here(capsys, "roster", "roster.csv")
    assert "roster.csv: 3 students; 0 new on the roster, 0 details changed." in again.stdout
    assert compared in run_here(capsys, "roster").stdout


def test_dry_run_of_a_roster_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The changes are shown, and there is no gradebook afterwards."""
    done = run_here(capsys, "roster", "roster.csv", "--dry-run")
    assert done.returncode == SUCCESS, done.stderr
    assert "9 details would be changed" in done.stdout
    assert "Nothing from emmy." in done.stdout
    assert not (folder / "gradebook.db").exists()


def test_problem_of_a_roster_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are read, and the exit status says that a person has to look."""
    (folder / "plain.csv").write_text("id,name\nada,Ada\n../x,Eve\n")
    done = run_here(capsys, "roster", "plain.csv")
    assert done.returncode == INCOMPLETE
    assert "plain.csv, line 3: '../x' cannot be an id" in done.stderr
    assert "plain.csv: 1 student; 1 new" in done.stdout
    assert run_here(capsys, "roster", "nowhere.csv").returncode == BAD_USAGE


@pytest.mark.usefixtures("folder")
def test_course_without_a_roster_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to compare with."""
    done = run_here(capsys, "roster")
    assert done.returncode == BAD_USAGE
    assert "has no roster yet" in done.stderr


def test_student_who_handed_in_nothing_is_exported_as_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No score, and the status tells missing from not graded; without a roster there is no row."""
    run_here(capsys, "roster", "roster.csv")
    assert run_here(capsys, "export", "csv").returncode == INCOMPLETE
    with (folder / "exports" / "csv.csv").open() as file:
        rows = {row["student"]: (row["status"], row["score"]) for row in csv.DictReader(file)}
    assert rows == {
        "ada": ("graded", "3"),
        "bob": ("not_graded", ""),
        "emmy": ("missing", ""),
    }


def test_report_has_the_name_only_if_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The default is the id; a name is escaped."""
    run_here(capsys, "roster", "roster.csv")
    report = folder / "feedback" / "ada" / NAME / f"{NAME}.html"
    assert run_here(capsys, "feedback").returncode == SUCCESS
    assert "King" not in report.read_text("utf-8")
    assert run_here(capsys, "feedback", "--names").returncode == SUCCESS
    page = report.read_text("utf-8")
    assert "<bdi>Ada &lt;b&gt;[red] King</bdi> · <bdi>ada</bdi>" in page
    assert "<b>[red]" not in page
