"""A Grade says by which arithmetic it came about, as measured in the process that trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from courses import CORPUS, NAME
from notebooks import MakeNotebook
from weakened import Weakened, without

from autograder.course import Course
from autograder.grading import start_grader
from autograder.results import Grade
from autograder.sandbox import FORK_SERVER, launch
from autograder.sandbox.environment import clean_environment
from autograder.submissions import Submission

pytestmark = pytest.mark.sandbox

RIGHT = CORPUS / "right/as-in-the-lesson.ipynb"
USUAL = {"onednn": "off", "op_determinism": "on", "threads": "1"}
GradeWith = Callable[..., Grade]


@pytest.fixture
def grade_with(course: Course, read: Callable[[Path], Submission]) -> Iterator[GradeWith]:
    """Grade a right submission with a fork server that is started otherwise."""
    with ExitStack() as stack:

        def grade(arguments: Sequence[str] = FORK_SERVER, *, unsafe: bool = False) -> Grade:
            rubric = course.assignment(NAME)
            grader = start_grader(course, rubric, stack, arguments=arguments, unsafe=unsafe)
            return grader.grade(read(RIGHT))

        yield grade


def settings(grade: Grade) -> dict[str, str]:
    """The settings of TensorFlow in a Grade."""
    return {name: grade.environment[name] for name in USUAL}


def test_grade_tells_versions_and_settings(grade_file: Callable[[Path], Grade]) -> None:
    """A Grade names the versions and the settings that its figures depend on."""
    grade = grade_file(RIGHT)
    assert settings(grade) == USUAL
    assert {"python", "tensorflow", "keras", "numpy", "machine"} <= grade.environment.keys()


def test_grade_with_onednn_says_so(grade_with: GradeWith, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the environment switches oneDNN on, the Grade says that it was on."""
    with_onednn = {**clean_environment(), "TF_ENABLE_ONEDNN_OPTS": "1"}
    monkeypatch.setattr(launch, "clean_environment", lambda: with_onednn)
    assert settings(grade_with()) == {**USUAL, "onednn": "on"}


def test_grade_with_more_threads_says_so(grade_with: GradeWith) -> None:
    """Where TensorFlow has other numbers of threads, the Grade says how many."""
    server = Path(__file__).parents[1] / "support" / "other_machine.py"
    found = settings(grade_with(("-I", str(server), "2")))
    assert found == {**USUAL, "threads": "1 and 2"}


def test_grade_without_determinism_says_so(grade_with: GradeWith) -> None:
    """Where deterministic operations could not be switched on, the Grade says that."""
    found = settings(grade_with(without("determinism", "self-test")))
    assert found == {**USUAL, "op_determinism": "off"}


def test_submission_that_changes_its_settings_does_not_change_the_grades(
    weakened: Weakened, notebook: MakeNotebook
) -> None:
    """The settings are measured before student code runs, which has no say in them."""
    change = (
        "import tensorflow as tf\n"
        "from tensorflow.python.framework import config\n"
        "config.disable_op_determinism()\n"
        "from autograder.exercises import tensorflow_setup\n"
        "tensorflow_setup.measured_environment = lambda: {'onednn': 'on'}\n"
    )
    assert settings(weakened.grade(notebook(added=change))) == USUAL


def test_submission_that_ends_its_process_has_the_settings_too(
    grade_file: Callable[[Path], Grade], notebook: MakeNotebook
) -> None:
    """A run without a reply tells its settings, since they were sent before it began."""
    assert settings(grade_file(notebook(added="import os; os._exit(0)"))) == USUAL
