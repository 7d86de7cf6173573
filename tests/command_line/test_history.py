"""`autograder history`: how a student's mark came about."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import run_here
from courses import NAME, ROOT
from gradebooks import GradebookFolder, graded

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.grading import GradeStore
from autograder.results import Outcome

Capture = pytest.CaptureFixture[str]
LESS = graded("ada", loss_goes_down=Outcome.FAILED).model_copy(update={"course_sha256": "c" * 64})


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GradebookFolder:
    """The current folder: ada's check failed, and a person gave two points for it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "course.yml", tmp_path)
    GradeStore(tmp_path / "grades" / NAME).write(LESS)
    folder = GradebookFolder(tmp_path)
    folder.record(LESS)
    folder.mark("loss_goes_down", 2)
    return folder


@pytest.mark.usefixtures("marked")
def test_history_shows_the_grade_and_the_manual_mark(capsys: Capture) -> None:
    """Newest last, with what each is by; looking again adds nothing."""
    first, second = (run_here(capsys, "history", "ada", NAME) for _ in range(2))
    assert (first.returncode, first.stderr) == (SUCCESS, "")
    assert first.stdout == second.stdout
    lines = first.stdout.splitlines()
    assert lines[0] == f"ada, {NAME}: 2 changes"
    assert "3.5 of 6.5 points; by a Grade in grades/ that the history did not have." in lines[1]
    assert "   loss_goes_down: failed, 0 of 3 points. What loss_goes_down found." in lines
    assert "5.5 of 6.5 points, 2 more; by a person, in the gradebook." in lines[-2]
    assert lines[-1] == "   loss_goes_down: manual mark 2 of 3 points."


@pytest.mark.usefixtures("marked")
def test_json_has_every_detail(capsys: Capture) -> None:
    """A program reads the same entries."""
    done = run_here(capsys, "history", "ada", NAME, "--json")
    first, second = json.loads(done.stdout)
    assert first["grade"]["course_sha256"] == "c" * 64
    assert second["review"]["marks"] == {"loss_goes_down": [2, 3]}
    assert [first["score"], second["score"]] == [3.5, 5.5]


@pytest.mark.parametrize("command", [("feedback", NAME), ("export", "csv", NAME)], ids=" ".join)
def test_commands_that_read_manual_marks_note_them(
    command: tuple[str, ...], marked: GradebookFolder, capsys: Capture
) -> None:
    """What left the course, as a report or a file, is in the history."""
    assert run_here(capsys, *command).returncode == SUCCESS
    marked.mark("loss_goes_down", 1)
    done = run_here(capsys, "history", "ada", NAME, "--json")
    assert [entry["score"] for entry in json.loads(done.stdout)] == [3.5, 5.5, 4.5]


def test_dry_run_of_an_export_notes_nothing(marked: GradebookFolder, capsys: Capture) -> None:
    """It writes nothing at all."""
    run_here(capsys, "export", "csv", NAME, "--dry-run")
    assert not (marked.root / "history").exists()


def test_edited_history_is_reported_and_shown(marked: GradebookFolder, capsys: Capture) -> None:
    """The exit status says so too, and names the line."""
    run_here(capsys, "history", "ada", NAME)
    path = marked.root / "history" / NAME / "ada.jsonl"
    path.write_text(path.read_text().replace("the history did", "nobody", 1))
    done = run_here(capsys, "history", "ada", NAME)
    assert done.returncode == INCOMPLETE
    assert f"{path}, line 1: this was changed after it was written." in done.stderr
    assert "a Grade in grades/ that nobody not have" in done.stdout


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(
    ("student", "message"),
    [("bob", "has no Grade and no history"), ("../ada", "is not a student")],
)
def test_student_without_a_history_is_told(student: str, message: str, capsys: Capture) -> None:
    """No traceback, and no file outside the folder."""
    done = run_here(capsys, "history", student, NAME)
    assert done.returncode == BAD_USAGE
    assert message in done.stderr
    assert "Traceback" not in done.stderr
