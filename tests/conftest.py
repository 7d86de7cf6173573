"""Fixtures that the tests share: one course folder, one fork server, one scorer per session."""

from __future__ import annotations

import functools
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from courses import NAME, copy_course
from hypothesis import HealthCheck, settings
from notebooks import GradeFile, MakeNotebook, write_notebook
from packages import contents, files_of
from postgres import INSTALL, PostgresServer, find_programs
from weakened import Weakened

from autograder.authoring.student_package import make_package
from autograder.course import Course
from autograder.exercises import GradingData
from autograder.grading import Grader, start_grader
from autograder.submissions import Submission, SubmittedFile, read_notebook, read_submission

if TYPE_CHECKING:
    from playwright.sync_api import Browser

collect_ignore = ["hostile/corpus"]  # one of the hostile submissions holds a conftest.py

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where browser tests leave pictures of what they saw: docs/images makes those of the docs."""
    parser.addoption("--screenshots", type=Path, default=None, help="a folder for screenshots")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - for these tests alone

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, with as many databases as the tests create."""
    programs = find_programs()
    if programs is None:
        pytest.skip(INSTALL)
    # Not below tmp_path, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        with PostgresServer(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the course with a key of its own, always the same."""
    return copy_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def grading_data(course: Course) -> GradingData:
    """What grading has of the first assignment, and practice has not."""
    return GradingData(course.practice_seeds, course.folder(NAME))


@pytest.fixture(scope="session")
def grader(course: Course) -> Iterator[Grader]:
    """A grader whose fork server has imported TensorFlow once for all tests."""
    with ExitStack() as stack:
        yield start_grader(course, course.assignment(NAME), stack)


@pytest.fixture(scope="session")
def read(course: Course) -> Callable[[Path], Submission]:
    """Read a notebook as student "ada"'s submission."""
    source = read_notebook(course.source_notebook(NAME))
    release = read_notebook(course.release_notebook(NAME))
    return lambda path: read_submission(SubmittedFile("ada", path), source, release)


@pytest.fixture(scope="session")
def grade_file(grader: Grader, read: Callable[[Path], Submission]) -> GradeFile:
    """Grade one file in the sandbox."""
    return lambda path: grader.grade(read(path))


@pytest.fixture(scope="module")
def weakened(course: Course, read: Callable[[Path], Submission]) -> Iterator[Weakened]:
    """Graders with layers of the sandbox left out."""
    with ExitStack() as stack:
        yield Weakened(course, read, stack)


@pytest.fixture
def notebook(tmp_path: Path) -> MakeNotebook:
    """Write a submission into the test's own folder; see `write_notebook`."""
    return functools.partial(write_notebook, tmp_path)


@pytest.fixture(scope="session")
def package(course: Course) -> Path:
    """The student's package of all assignments, made once."""
    return make_package(course, list(course.assignments))


@pytest.fixture(scope="session")
def files(package: Path) -> dict[str, bytes]:
    """What is in the student's package, by path in its one folder."""
    return files_of(package)


@pytest.fixture(scope="session")
def wheel(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is in the package's wheel, by path."""
    return contents(io.BytesIO(next(data for name, data in files.items() if name.endswith(".whl"))))
