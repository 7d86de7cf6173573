"""A Grade through a watcher's fork server is the one without it, with real training."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import run
from courses import CORPUS, NAME

from autograder.course import Course
from autograder.grading import Grader, fast_if_identical, grading_digest, solution_cells
from autograder.grading.delegation import RemoteSeeds
from autograder.grading.local import LocalGrader
from autograder.grading.serving import (
    Asked,
    GradeServer,
    Hello,
    Lent,
    Turns,
    package_digest,
    served_grade,
)
from autograder.results import Grade
from autograder.submissions import Submission, read_notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

WRONG = CORPUS / "wrong/change-with-sign.ipynb"


@pytest.fixture
def own(grader: Grader, course: Course, read: Callable[[Path], Submission]) -> LocalGrader:
    """Grades without a server, and without the watcher's fast training."""
    path = course.source_notebook(NAME)
    return LocalGrader(lambda: grader, lambda: read(path), solution_cells(read_notebook(path)))


@pytest.fixture
def asked(grader: Grader) -> Asked:
    """What a command asks for."""
    return Asked(grader.course, grader.assignment, grader.seeds, grader.course_sha256)


@pytest.fixture
def serving(
    grader: Grader, course: Course, read: Callable[[Path], Submission]
) -> Iterator[GradeServer]:
    """A server that lends the tests' fork server, and trains fast."""
    path = course.source_notebook(NAME)
    fast = fast_if_identical(grader, read(path))
    local = LocalGrader(lambda: fast, lambda: read(path), solution_cells(read_notebook(path)))

    @contextlib.contextmanager
    def lend(hello: Hello) -> Iterator[Lent]:
        seeds = RemoteSeeds(hello.seeds_kind, hello.seeds)
        yield Lent(local, grading_digest(course, grader.assignment, seeds))

    server = GradeServer(course.root, lend, Turns(1), package_digest())
    yield server
    server.close()


@pytest.mark.usefixtures("serving")
def test_served_grade_is_equal_to_the_last_byte(
    own: LocalGrader, asked: Asked, read: Callable[[Path], Submission]
) -> None:
    """Causes, the described training and all messages included; only the time differs."""

    def without_time(grade: Grade) -> str:
        return grade.model_copy(update={"seconds": 0.0}).model_dump_json()

    submission = read(WRONG)
    served = served_grade(asked, submission, lambda *_: None)
    assert served.training is not None
    assert without_time(served) == without_time(own.grade(submission))


def test_served_check_prints_what_check_prints(course: Course, serving: GradeServer) -> None:
    """The instructor's `check` in the sandbox says what it says in a process of its own."""
    command = "--debug", "check", NAME, "--file", str(WRONG)
    served = run(course.root, *command)
    serving.close()
    own = run(course.root, *command)
    assert "NOTE" not in served.stderr
    assert "NOTE  Checking in this process: no watcher answers" in own.stderr
    assert served.stdout == own.stdout
    assert served.returncode == own.returncode == 1
