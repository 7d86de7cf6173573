"""Grading a class file by file: what is trouble of one file, and what of the machine."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from courses import CORPUS, NAME
from grades import make_rubric_grade

from autograder.course import Course
from autograder.errors import (
    AutograderError,
    CourseError,
    MachineError,
    SandboxUnavailableError,
    StoppedError,
    SubmissionError,
    UnfitMachineError,
)
from autograder.grading import IncrementalGrader, Options, incremental, local
from autograder.grading.grader import Graded
from autograder.outputs import GradedFile
from autograder.results import Outcome
from autograder.submissions import Submission, SubmittedFile, read_submission

RIGHT = CORPUS / "right" / "as-in-the-lesson.ipynb"


class FakeServer:
    """A fork server.

    Attributes:
        alive: Whether it runs.
    """

    def __init__(self) -> None:
        self.alive = True


@dataclasses.dataclass(frozen=True)
class FakeGrader:
    """A grader that answers as it is told.

    Attributes:
        world: What it belongs to.
        server: Its fork server.
        on_broken: As in `Grader`.
    """

    world: World
    server: FakeServer = dataclasses.field(default_factory=FakeServer)
    on_broken: Callable[[str, str], None] = lambda _student, _text: None

    def grade_and_keep(self, submission: Submission, *, alone: bool = False) -> Graded:
        """Grade, with the next outcome of the student's."""
        student = submission.student
        self.world.calls.append((student, alone))
        outcomes = self.world.outcomes.get(student, [])
        outcome = outcomes.pop(0) if outcomes else Outcome.PASSED
        if isinstance(outcome, Exception):
            raise outcome
        self.world.on_grade(self)
        changed = {"loss_goes_down": outcome} if outcome is not Outcome.PASSED else {}
        grade = make_rubric_grade(self.world.rubric, changed, student=student)
        digests = {
            "submission_sha256": submission.sha256,
            "course_sha256": self.world.grader.course_sha256,
        }
        return Graded(grade.model_copy(update=digests))


class World:
    """An incremental grader without a sandbox.

    Attributes:
        grader: What is tested.
        rubric: The checks' points.
        outcomes: For each student, what comes next: an outcome, or an exception.
        unreadable: What reading a student's file raises.
        calls: Each student that was graded, and whether alone.
        started: Fork servers that were started.
        proofs: How a machine was proved to be fit, in order.
        on_grade: Called with the grader whenever something is graded.
    """

    def __init__(
        self, course: Course, monkeypatch: pytest.MonkeyPatch, root: Path, **options: Any
    ) -> None:
        self.rubric = dict(course.assignment(NAME).checks)
        self.outcomes: dict[str, list[Outcome | Exception]] = {}
        self.unreadable: dict[str, Exception] = {}
        self.calls: list[tuple[str, bool]] = []
        self.started: list[FakeServer] = []
        self.proofs: list[str] = []
        self.on_grade: Callable[[FakeGrader], None] = lambda _grader: None

        def read(file: SubmittedFile, *notebooks: Any) -> Submission:
            if error := self.unreadable.get(file.student):
                raise error
            return read_submission(file, *notebooks)

        def start(*_arguments: object, **_options: object) -> FakeGrader:
            grader = FakeGrader(self)
            self.started.append(grader.server)
            return grader

        def require(_grader: FakeGrader, _solution: Submission) -> None:
            self.proofs.append("full marks")

        def prove(grader: FakeGrader, _solution: Submission) -> FakeGrader:
            self.proofs.append("fast")
            return grader

        for module, name, value in (
            (incremental, "read_submission", read),
            (incremental, "start_grader", start),
            (incremental, "require_full_marks", require),
            (incremental, "fast_if_identical", prove),
            (local, "require_full_marks", require),
            (local, "with_causes", lambda _grader, _submission, grade, *_: grade),
        ):
            monkeypatch.setattr(module, name, value)
        size = options.pop("size", 1)
        at = course.model_copy(update={"root": root})
        for folder in ("solutions", "assignments"):
            (root / folder).symlink_to(course.root / folder)
        (root / "course.key").write_bytes(course.key_file.read_bytes())
        self.grader = IncrementalGrader(
            at, course.assignment(NAME), Options(**options), ExitStack(), size=size
        )

    def grade(self, student: str) -> GradedFile:
        """Grade a right notebook for a student."""
        return self.grader.grade(SubmittedFile(student, RIGHT))

    def stored(self) -> list[str]:
        """Students with a Grade on disk."""
        return self.grader.store.students()


MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MakeWorld:
    """Make a world in the test's own folder; its options are those of grading."""
    return lambda **options: World(course, monkeypatch, tmp_path, **options)


def test_graded_file_is_on_disk_and_not_graded_again(make_world: MakeWorld) -> None:
    """The second time its Grade is read."""
    world = make_world()
    first, second = world.grade("ada"), world.grade("ada")
    assert (first.graded, second.graded) == (True, False)
    assert first.grade == second.grade
    assert world.calls == [("ada", False)]
    assert world.stored() == ["ada"]


@pytest.mark.parametrize("options", [{"force": True}, {"practice_seeds": True}])
def test_file_is_graded_again_on_demand(options: dict[str, bool], make_world: MakeWorld) -> None:
    """A person asked for it; with the practice seeds nothing is kept either."""
    world = make_world(**options)
    assert [world.grade("ada").graded for _ in range(2)] == [True, True]
    assert world.stored() == ([] if "practice_seeds" in options else ["ada"])


def test_grade_that_is_replaced_is_told_and_in_the_history(make_world: MakeWorld) -> None:
    """A mark that falls because something of ours changed does not fall silently."""
    world = make_world(force=True)
    world.outcomes["ada"] = [Outcome.PASSED, Outcome.FAILED]
    first, second = world.grade("ada"), world.grade("ada")
    assert (first.previous, second.previous) == (None, first.grade)
    entries = world.grader.history.read("ada").entries
    assert [entry.score for entry in entries] == [18, 15]
    assert {entry.by for entry in entries} == {"autograder grade"}
    assert entries[0].course["threshold accuracy"] == "0.9"
    assert len(entries[0].course["grading/checks.py"]) == 64


def test_file_that_breaks_the_reader_costs_its_own_mark_alone(make_world: MakeWorld) -> None:
    """It gets no mark and a log with the traceback, and the next file is graded."""
    world = make_world()
    world.unreadable["bob"] = RecursionError("a bug of ours")
    grade = world.grade("bob").grade
    assert (grade.outcome, grade.score) == (Outcome.GRADER_ERROR, None)
    assert "RecursionError" in grade.checks[0].message
    assert "a bug of ours" not in grade.model_dump_json()
    log = (world.grader.store._folder / "bob.log").read_text()
    assert log.rstrip().endswith("RecursionError: a bug of ours")
    assert world.grade("ada").grade.outcome is Outcome.PASSED


def test_grader_that_breaks_costs_one_mark_alone(make_world: MakeWorld) -> None:
    """Likewise if the trouble comes later than reading."""
    world = make_world()
    world.outcomes["bob"] = [ZeroDivisionError("a bug of ours")]
    assert world.grade("bob").grade.outcome is Outcome.GRADER_ERROR
    assert world.grade("ada").grade.outcome is Outcome.PASSED
    assert not (world.grader.store._folder / "ada.log").exists()


def test_file_that_the_machine_cannot_read_gets_no_mark(make_world: MakeWorld) -> None:
    """The reason is told; a log would say no more."""
    world = make_world()
    world.unreadable["bob"] = MachineError("The disk has a bad sector.", "Replace it.")
    grade = world.grade("bob").grade
    assert (grade.outcome, grade.score) == (Outcome.GRADER_ERROR, None)
    assert grade.checks[0].message == "The disk has a bad sector."
    assert grade.checks[0].hint.endswith("Replace it.")
    assert not (world.grader.store._folder / "bob.log").exists()


def test_file_that_is_no_notebook_fails(make_world: MakeWorld) -> None:
    """That is the student's, so it is a mark: zero, with the reason, on disk."""
    world = make_world()
    world.unreadable["bob"] = SubmissionError("bob.ipynb is empty.", "Hand in again.")
    grade = world.grade("bob").grade
    assert (grade.outcome, grade.score, grade.sandbox.tier) == (Outcome.FAILED, 0, "none")
    assert world.stored() == ["bob"]
    assert world.started == []


@pytest.mark.parametrize(
    "error",
    [
        CourseError("The checks cannot be imported."),
        SandboxUnavailableError("No sandbox here."),
        StoppedError("The grader was stopped."),
        UnfitMachineError("The solution fails here."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_trouble_of_all_files_stops_the_class(
    error: AutograderError, make_world: MakeWorld
) -> None:
    """Nothing can be graded then, so nothing is recorded as if it had been."""
    world = make_world()
    world.outcomes["ada"] = [error]
    with pytest.raises(type(error)):
        world.grade("ada")
    assert world.stored() == []


def test_grader_error_is_repeated_once_alone(make_world: MakeWorld) -> None:
    """What the machine failed beside others may work by itself; then that counts."""
    world = make_world()
    world.outcomes["ada"] = [Outcome.GRADER_ERROR]
    assert world.grade("ada").grade.outcome is Outcome.PASSED
    assert world.calls == [("ada", False), ("ada", True)]
    assert world.stored() == ["ada"]


def test_second_grader_error_stays(make_world: MakeWorld) -> None:
    """It is not tried forever, and waits until the machine is known to be fit."""
    world = make_world()
    world.outcomes["ada"] = [Outcome.GRADER_ERROR] * 5
    assert world.grade("ada").grade.score is None
    assert len(world.calls) == 2
    assert world.stored() == []


def test_failed_submission_is_not_repeated(make_world: MakeWorld) -> None:
    """A mark is a mark."""
    world = make_world()
    world.outcomes["ada"] = [Outcome.FAILED]
    world.grade("ada")
    assert world.calls == [("ada", False)]


def test_early_ending_is_on_disk_only_once_it_is_kept(make_world: MakeWorld) -> None:
    """Whoever grades the class decides whether the machine is fit."""
    world = make_world()
    world.outcomes["ada"] = [Outcome.TIMEOUT]
    file = world.grade("ada")
    assert world.stored() == []
    world.grader.keep(file)
    assert world.stored() == ["ada"]


def test_one_fork_server_grades_the_class(make_world: MakeWorld) -> None:
    """It is started for the first file that needs it, and the machine is proved once."""
    world = make_world()
    assert world.started == []
    for student in ("ada", "bob", "cyd"):
        world.grade(student)
    assert len(world.started) == 1
    assert world.proofs == ["full marks"]


@pytest.mark.parametrize(("size", "proof"), [(3, "full marks"), (4, "fast")])
def test_fast_training_is_proved_for_larger_classes(
    size: int, proof: str, make_world: MakeWorld
) -> None:
    """For a few submissions the proof would take longer than it saves."""
    world = make_world(size=size)
    world.grade("ada")
    assert world.proofs == [proof]


def test_dead_fork_server_is_started_again(make_world: MakeWorld) -> None:
    """The next file gets a new one, on which the machine is proved again."""
    world = make_world()
    world.grade("ada")
    world.started[0].alive = False
    assert world.grade("bob").grade.outcome is Outcome.PASSED
    assert len(world.started) == len(world.proofs) == 2


def test_fork_server_that_dies_with_a_file_is_started_again_for_it(make_world: MakeWorld) -> None:
    """The file itself is graded on the new one, alone."""
    world = make_world()

    def die(grader: FakeGrader) -> None:
        grader.server.alive = len(world.started) > 1

    world.on_grade = die
    world.outcomes["ada"] = [Outcome.GRADER_ERROR]
    assert world.grade("ada").grade.outcome is Outcome.PASSED
    assert world.calls == [("ada", False), ("ada", True)]
    assert len(world.started) == 2


def test_fit_machine_is_proved_by_the_solution(make_world: MakeWorld) -> None:
    """Whoever asks has the solution graded at that moment."""
    world = make_world()
    world.grade("ada")
    world.grader.require_fit_machine()
    assert world.proofs == ["full marks", "full marks"]


def test_grade_of_another_student_is_not_taken_over(make_world: MakeWorld) -> None:
    """A Grade that was copied to another name does not count as that student's."""
    world = make_world()
    world.grade("ada")
    folder = world.grader.store._folder
    (folder / "eve.json").write_bytes((folder / "ada.json").read_bytes())
    assert world.grader.store.is_damaged("eve")
    assert world.grade("eve").graded
    assert not world.grader.store.is_damaged("eve")
