"""What the tests share: one course folder, one warm process, one scorer a session."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.course import Course, load_course
from autograder.exercises.draws import Private
from autograder.grading.grade import Grader
from autograder.grading.start import start_grader
from autograder.results import Grade
from autograder.sandbox.client import WARM
from autograder.student_package import make_package
from autograder.submissions import Submission, SubmittedFile, read_notebook, read_submission

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "01-first-training"
NAME = "01-first-training"

collect_ignore = ["corpus"]  # one of the hostile submissions holds a conftest.py

MakeNotebook = Callable[..., Path]
GradeFile = Callable[[Path], Grade]


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
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the course with a key of its own, always the same."""
    root = tmp_path_factory.mktemp("course")
    return copy_course(root)


def copy_course(root: Path) -> Course:
    """Copy what grading needs into a folder, with the tests' course key."""
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "course.yml", root)
    key = root / "course.key"
    key.write_text("0123456789abcdef" * 4 + "\n")
    key.chmod(0o600)
    return load_course(root)


@pytest.fixture
def private(course: Course) -> Private:
    """What grading has of the first assignment, and practice has not."""
    return Private(course.practice_seeds, course.source_notebook(NAME).parent)


@pytest.fixture(scope="session")
def grader(course: Course) -> Iterator[Grader]:
    """A grader whose warm process has imported TensorFlow once for all tests."""
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


class Weakened:
    """Graders with some walls left out; one warm process for each set of layers.

    Args:
        course: The course.
        read: Reads a notebook as a submission.
        stack: What ends the warm processes.
    """

    def __init__(
        self, course: Course, read: Callable[[Path], Submission], stack: ExitStack
    ) -> None:
        self.course = course
        self._read = read
        self._stack = stack
        self._graders: dict[tuple[str, ...], Grader] = {}

    def grade(self, path: Path, *layers: str, **limits: float) -> Grade:
        """Grade one file.

        Args:
            path: A notebook.
            layers: Names in `weakened.LAYERS`; "all" builds no walls, none leaves nothing out.
            limits: Other limits than the course's.
        """
        if layers not in self._graders:
            self._graders[layers] = self.start(layers, self._stack)
        wider = self.course.limits.model_copy(update=limits)
        course = self.course.model_copy(update={"limits": wider})
        grader = dataclasses.replace(self._graders[layers], course=course)
        return grader.grade(self._read(path))

    def start(self, layers: Sequence[str], stack: ExitStack, **options: bool) -> Grader:
        """Start a grader with layers left out."""
        rubric = self.course.assignment(NAME)
        program = without(*layers, "self-test") if layers and layers != ("all",) else WARM
        unsafe = layers == ("all",)
        return start_grader(self.course, rubric, stack, unsafe=unsafe, program=program, **options)


def without(*layers: str) -> Sequence[str]:
    """The program of a warm process that leaves layers out; see `weakened.py`."""
    return ("-I", str(ROOT / "tests" / "weakened.py"), ",".join(layers))


@pytest.fixture(scope="module")
def weakened(course: Course, read: Callable[[Path], Submission]) -> Iterator[Weakened]:
    """Graders with walls left out."""
    with ExitStack() as stack:
        yield Weakened(course, read, stack)


@pytest.fixture
def notebook(tmp_path: Path) -> MakeNotebook:
    """Write a submission: the reference answers, some cells replaced, one cell added."""

    def make(added: str = "", **answers: str) -> Path:
        handed_in: dict[str, Any] = json.loads(
            (CORPUS / "right/as-in-the-lesson.ipynb").read_text()
        )
        for cell in handed_in["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell["source"] = answers[name]
        if added:
            handed_in["cells"].insert(3, code_cell(added))
        path = tmp_path / f"{NAME}.ipynb"
        path.write_text(json.dumps(handed_in))
        return path

    return make


def code_cell(source: str) -> dict[str, Any]:
    """A code cell that a student adds."""
    return {
        "cell_type": "code",
        "id": "added",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


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


def files_of(package: Path) -> dict[str, bytes]:
    """The files of a package, by path in its one folder."""
    found = contents(package)
    assert len({name.partition("/")[0] for name in found}) == 1
    return {name.partition("/")[2]: data for name, data in found.items()}


def contents(archive: Path | io.BytesIO) -> dict[str, bytes]:
    """The files of a zip or wheel."""
    with zipfile.ZipFile(archive) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}
