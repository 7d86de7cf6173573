"""`autograder regrade`: shown first, applied on confirmation, and nothing goes down silently."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from commands import run_here
from courses import NAME
from fake_grader import RIGHT, FakeClass
from gradebooks import GradebookFolder

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.grading import grade, graded_assignments
from autograder.grading.history_writer import HistoryWriter
from autograder.grading.regrading import Staging
from autograder.outputs import History, Recorder
from autograder.results import Outcome

FAILED = {"accuracy_passes": Outcome.FAILED}
OTHER = RIGHT.replace(b'"nbformat_minor": 5', b'"nbformat_minor":  5')
BEFORE = {"ada": 18, "bob": 15, "cyd": 18}
AFTER = {"ada": 15, "bob": 18, "cyd": 18}


class Class(FakeClass):
    """A class of three that was graded before the threshold changed; ada falls, bob rises."""

    def __init__(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ) -> None:
        super().__init__(root, monkeypatch)
        monkeypatch.chdir(root)
        monkeypatch.setenv("COLUMNS", "200")
        self._capture = capture
        self.set_threshold("accuracy", 0.95)
        self.outcomes = {"ada": FAILED}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type a command."""
        return run_here(self._capture, *arguments)

    def regrade(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type `autograder regrade` for the first assignment."""
        return self.run("regrade", NAME, *arguments)

    def history(self, student: str) -> list[tuple[float | None, str, str]]:
        """A student's marks with what they are by and the reason."""
        entries = History(self.root, NAME).read(student).entries
        return [(entry.score, entry.by, entry.reason) for entry in entries]

    def gradebook(self) -> GradebookFolder:
        """The class's gradebook."""
        return GradebookFolder(self.root)


@pytest.fixture(scope="module")
def graded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class as it was graded before the threshold changed."""
    root = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        before = FakeClass(root, patch)
        before.hand_in("ada", "bob", "cyd")
        before.outcomes = {"bob": FAILED}
        grade(before.course, NAME, on_notice=lambda _: None)
    return root


@pytest.fixture
def three(
    graded_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Class:
    """The class, in the current folder."""
    shutil.copytree(graded_folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Class(tmp_path, monkeypatch, capsys)


def row_of(student: str, done: subprocess.CompletedProcess[str]) -> str:
    """A student's line of the table, without the frame."""
    lines = [line for line in done.stdout.splitlines() if f" {student} " in line]
    return " ".join(lines[0].replace("│", " ").split()) if lines else ""


def test_marks_are_shown_and_not_applied(three: Class) -> None:
    """Without a terminal and without --yes nothing changes; the message says how."""
    done = three.regrade()
    assert (done.returncode, three.scores()) == (SUCCESS, BEFORE)
    assert row_of("ada", done) == "ada 18 15 FALLS accuracy_passes 3 → 0"
    assert row_of("bob", done) == "bob 15 18 rises accuracy_passes 0 → 3"
    assert row_of("cyd", done) == ""
    assert "1 mark would fall; 1 would rise; 1 would stay." in done.stdout
    assert f"autograder regrade {NAME} --yes" in done.stdout
    assert three.history("ada") == [(18, "autograder grade", "")]


def test_marks_are_applied_as_shown(three: Class) -> None:
    """Grades, gradebook and history have them, with the reason; nothing is graded twice."""
    three.regrade()
    three.graded.clear()
    done = three.regrade("--yes", "--reason", "the lesson asks for 0.95")
    assert (done.returncode, three.graded, three.scores()) == (SUCCESS, [], AFTER)
    assert "3 Grades applied." in done.stdout
    assert three.gradebook().auto_scores()["accuracy_passes"] == (0, False)
    assert three.history("ada")[1:] == [(15, "autograder regrade", "the lesson asks for 0.95")]
    entries = History(three.root, NAME).read("ada").entries
    assert entries[0].course["threshold accuracy"] == "0.9"
    assert entries[1].course["threshold accuracy"] == "0.95"
    assert "Nothing to apply" in three.regrade("--yes").stdout


def test_only_the_named_students_are_graded_again(three: Class) -> None:
    """The others keep their Grades."""
    three.regrade("bob", "--yes")
    assert (three.graded, three.scores()) == (["bob"], {**BEFORE, "bob": 18})


def test_higher_mark_is_kept_on_demand(three: Class) -> None:
    """The whole old Grade stays, also in the next run, and the history says so."""
    done = three.regrade("--yes", "--keep-higher", "--reason", "a fair start")
    assert row_of("ada", done).startswith("ada 18 15 would fall, kept")
    assert three.scores() == {"ada": 18, "bob": 18, "cyd": 18}
    three.graded.clear()
    assert three.run("grade", NAME).returncode == SUCCESS
    assert (three.graded, three.scores()["ada"]) == ([], 18)
    score, by, reason = three.history("ada")[-1]
    assert (score, reason) == (18, "a fair start")
    assert "--keep-higher" in by


def test_kept_mark_falls_once_a_person_applies_it(three: Class) -> None:
    """Keeping it is no obstacle to a later decision."""
    three.regrade("--yes", "--keep-higher")
    assert "FALLS" in row_of("ada", three.regrade("--yes"))
    assert three.scores() == AFTER


def test_higher_mark_by_another_rubric_is_refused(three: Class) -> None:
    """The points of a class come from one rubric."""
    three.regrade()
    staged = Staging(three.root, NAME).store
    new = staged.read("ada")
    assert new is not None
    checks = [c.model_copy(update={"max_points": c.max_points + 1}) for c in new.checks]
    staged.write(new.model_copy(update={"checks": tuple(checks)}))
    done = three.regrade("--yes", "--keep-higher")
    assert (done.returncode, three.scores()) == (BAD_USAGE, BEFORE)
    assert "by two rubrics" in done.stderr


def test_manual_mark_stays_and_is_told(three: Class) -> None:
    """It wins over the new automatic one too, so the mark does not move."""
    three.gradebook().mark("accuracy_passes", 2.5)
    done = three.regrade("--yes")
    assert row_of("ada", done) == (
        "ada 17.5 17.5 accuracy_passes 3 → 0; manual mark accuracy_passes 2.5 stays"
    )
    assert "kept the manual score 2.5 for accuracy_passes" in done.stderr
    assert [score for score, *_ in three.history("ada")] == [18, 15, 17.5]
    score = json.loads(three.run("history", "ada", NAME, "--json").stdout)[-1]["score"]
    assert score == 17.5


def test_table_is_written_as_csv(three: Class) -> None:
    """One line per student, also for those whose mark stays."""
    three.regrade("--csv", "moves.csv")
    with (three.root / "moves.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["ada"] == {
        "student": "ada",
        "before": "18",
        "after": "15",
        "falls": "yes",
        "checks": "accuracy_passes 3 → 0",
        "manual": "",
        "submission": "same",
    }
    assert (rows["bob"]["falls"], rows["cyd"]["checks"]) == ("no", "")


def test_grader_error_never_replaces_a_mark(three: Class) -> None:
    """Who could not be graded again keeps the Grade, and is listed."""
    three.outcomes = {"ada": {"accuracy_passes": Outcome.GRADER_ERROR}}
    done = three.regrade("--yes")
    assert (done.returncode, three.scores()) == (INCOMPLETE, {**BEFORE, "bob": 18})
    assert "ada 18 no mark not graded, stays" in row_of("ada", done)
    assert "1 could not be graded again and keep what they have" in done.stdout


def test_course_that_changed_after_the_table_is_shown_again(three: Class) -> None:
    """What was not shown is not applied; the next run applies what it shows now."""
    three.regrade()
    three.set_threshold("accuracy", 0.99)
    three.outcomes = {"ada": FAILED, "cyd": FAILED}
    done = three.regrade("--yes")
    assert (done.returncode, three.scores()) == (BAD_USAGE, BEFORE)
    assert "Nothing was applied" in done.stderr
    assert "FALLS" in row_of("cyd", done)
    assert three.regrade("--yes").returncode == SUCCESS
    assert three.scores() == {"ada": 15, "bob": 18, "cyd": 15}


def test_submission_that_changed_after_the_table_is_shown_again(three: Class) -> None:
    """Another attempt is another Grade, which nobody has seen; the table names it."""
    three.regrade()
    three.hand_in("ada", data=OTHER)
    done = three.regrade("--yes")
    assert (done.returncode, three.scores()) == (BAD_USAGE, BEFORE)
    assert "another submission than before" in row_of("ada", done)


def test_change_while_a_person_decides_applies_nothing(
    three: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The submission is looked at again after the answer."""

    def answer(_question: str) -> bool:
        three.hand_in("ada", data=OTHER)
        return True

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", answer)
    done = three.regrade()
    assert (done.returncode, three.scores()) == (BAD_USAGE, BEFORE)
    assert "the submission has changed since (1 student, such as ada)" in done.stderr


@pytest.mark.parametrize(("says", "scores"), [(True, AFTER), (False, BEFORE)])
def test_person_on_a_terminal_is_asked(
    says: bool,  # noqa: FBT001 - a parameter of the test
    scores: dict[str, float],
    three: Class,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer decides."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda _question: says)
    three.regrade()
    assert three.scores() == scores


@pytest.mark.parametrize("step", [1, 2, 3, 9])
def test_kill_while_applying_is_made_up_for(
    step: int, three: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command goes on; every Grade, history and gradebook is as without the kill."""
    calls = 0

    def killed(*_arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        for owner, name in (
            (HistoryWriter, "write"),
            (HistoryWriter, "confirm"),
            (Recorder, "write"),
        ):
            patch.setattr(owner, name, _after(killed, getattr(owner, name)))
        first = three.regrade("--yes", "--reason", "0.95")
    second = three.regrade()
    assert three.scores() == AFTER
    assert [entry[0] for entry in three.history("ada")] == [18, 15]
    assert three.history("bob")[-1] == (18, "autograder regrade", "0.95")
    assert three.gradebook().auto_scores()["accuracy_passes"] == (0, False)
    assert calls < step or "Continuing what was confirmed" in second.stdout
    assert first.returncode == (SUCCESS if calls < step else 130)
    assert "Nothing to apply" in three.regrade().stdout


def _after(interruption: object, function: object) -> object:
    def wrapper(*arguments: object, **named: object) -> object:
        interruption()  # type: ignore[operator] # it is a function
        return function(*arguments, **named)  # type: ignore[operator] # likewise

    return wrapper


def test_staged_grades_are_no_assignment(three: Class) -> None:
    """Exports, reports and the next grading do not see them."""
    three.regrade()
    assert graded_assignments(three.course) == [NAME]
    assert (three.root / "grades" / ".regrade" / NAME / "ada.json").exists()
    done = three.run("export", "json", "--out", "marks.json")
    assert done.returncode == SUCCESS
    marks = json.loads((three.root / "marks.json").read_text())
    assert {mark["student"]: mark["score"] for mark in marks} == BEFORE


def test_grade_that_lowers_a_mark_says_so(three: Class) -> None:
    """`autograder grade` goes on as ever after a change, and tells what fell."""
    done = three.run("grade", NAME)
    assert three.scores() == AFTER
    assert "ada: Fell from 18/18 to 15/18: the course or the grader has changed." in done.stderr
    assert "1 mark fell, see above and autograder history" in done.stdout
    assert [score for score, *_ in three.history("ada")] == [18, 15]
