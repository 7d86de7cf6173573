"""An assignment's own modules are imported from its folder; errors name the file and the line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from courses import NAME, ROOT

from autograder.course import AssignmentFolder, Seeds
from autograder.errors import CourseError
from autograder.exercises import CLASSIFICATION, Exercise, load_exercise, load_module

SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
IMPORTS = """\
import numpy as np

from autograder.exercises import (
    CLASSIFICATION, REGRESSION, Exercise, HeldOut, TrainingGiven, TrainingObserved,
)
from ..houses import PRICES


"""
EXERCISE = """\
class Given(TrainingGiven):
    rooms: int = 3


class Houses(Exercise[Given, TrainingObserved]):
    objective = REGRESSION
    signatures = {"train_model": ("model",)}

    def prepare(self, seeds, grading):
        return Given.model_construct(), HeldOut(np.array(PRICES), np.array(PRICES))

    def perform(self, student, given):
        return TrainingObserved()
"""
Write = Callable[..., AssignmentFolder]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the modules of an assignment; each course has a folder of its own."""

    def write_assignment(
        exercise: str | None = IMPORTS + EXERCISE,
        *,
        course: str = "course",
        houses: str = "PRICES = [1.0, 2.0]\n",
        checks: str = "from .exercise import PRICES\nTWICE = [2 * price for price in PRICES]\n",
    ) -> AssignmentFolder:
        folder = AssignmentFolder(tmp_path / course / "solutions" / "02-houses")
        folder.grading.mkdir(parents=True, exist_ok=True)
        (folder.path / "houses.py").write_text(houses)
        folder.checks.write_text(checks)
        if exercise is not None:
            folder.exercise.write_text(exercise)
        return folder

    return write_assignment


def refused(folder: AssignmentFolder) -> CourseError:
    """The error of an exercise that cannot be loaded."""
    with pytest.raises(CourseError) as caught:
        load_exercise(folder)
    assert caught.value.tip
    return caught.value


def test_exercise_is_made_from_its_one_class(write: Write) -> None:
    """The object has the class's models, and draws from the released data module."""
    exercise = load_exercise(write())
    assert type(exercise).__name__ == "Houses"
    assert exercise.given_type.__name__ == "Given"
    assert exercise.signatures == {"train_model": ("model",)}
    _, held_out = exercise.prepare(SEEDS, None)
    assert held_out.x.tolist() == [1.0, 2.0]


def test_exercise_of_this_course_is_loaded() -> None:
    """The first assignment's exercise is found, and is what its notebook needs."""
    exercise = load_exercise(AssignmentFolder(ROOT / "solutions" / NAME))
    assert isinstance(exercise, Exercise)
    assert exercise.objective is CLASSIFICATION
    assert list(exercise.signatures)[:2] == ["compile_model", "train_model"]


def test_modules_of_grading_import_one_another(write: Write) -> None:
    """`checks.py` has the very objects of `exercise.py`, and of the released module."""
    folder = write()
    checks = load_module(folder, "checks")
    assert checks.TWICE == [2.0, 4.0]
    assert checks.PRICES is load_module(folder, "exercise").PRICES
    assert load_module(folder, "checks") is checks


def test_imported_exercise_class_does_not_count(write: Write) -> None:
    """A base class that the author imports from another module is not a second exercise."""
    folder = write("from .shared import Houses\n\n\nclass Flats(Houses):\n    pass\n")
    (folder.grading / "shared.py").write_text(IMPORTS + EXERCISE)
    assert type(load_exercise(folder)).__name__ == "Flats"


def test_missing_module_is_named(write: Write) -> None:
    """The message gives the path that was looked for."""
    folder = write(None)
    assert str(folder.exercise) in refused(folder).message
    with pytest.raises(CourseError, match="02-houses has no hints"):
        load_module(folder, "hints")


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """An assignment without a folder has no exercise."""
    folder = AssignmentFolder(tmp_path / "03-missing")
    assert str(folder.exercise) in refused(folder).message


@pytest.mark.parametrize(
    ("exercise", "houses", "error", "place"),
    [
        ("\n\nimport no_such_package\n", "", "ModuleNotFoundError", "exercise.py, line 3"),
        ("def prepare(:\n", "", "SyntaxError", "exercise.py, line 1"),
        ("from ..houses import AREAS\n", "", "ImportError", "exercise.py, line 1"),
        ("from .missing import AREAS\n", "", "ModuleNotFoundError", "exercise.py, line 1"),
        (
            "from ..houses import AREAS\n",
            "\nAREAS = 1 / 0\n",
            "ZeroDivisionError",
            "houses.py, line 2",
        ),
        ("import json\n\nDATA = json.loads('{')\n", "", "JSONDecodeError", "exercise.py, line 3"),
    ],
    ids=["package", "syntax", "name", "relative", "released module", "library"],
)
def test_module_that_cannot_be_imported_is_named_with_its_line(
    write: Write, exercise: str, houses: str, error: str, place: str
) -> None:
    """The message has the exception, and the last line of the author's own that it came from."""
    folder = write(exercise, houses=houses)
    message = refused(folder).message
    assert message.startswith(f"{folder.exercise} cannot be imported: {error}: ")
    assert place in message


def test_fixed_module_is_imported_in_the_same_process(write: Write) -> None:
    """A failed import leaves nothing behind, so that an author can try again."""
    refused(write("import no_such_package\n"))
    assert type(load_exercise(write())).__name__ == "Houses"


@pytest.mark.parametrize(
    ("exercise", "names"),
    [
        ("", "none"),
        ("def prepare(seeds, grading): ...\n", "none"),
        (EXERCISE + "\n\nclass Flats(Houses):\n    pass\n", "Houses, Flats"),
    ],
    ids=["empty", "function", "two"],
)
def test_module_without_exactly_one_exercise_is_refused(
    write: Write, exercise: str, names: str
) -> None:
    """The message names the classes that were found."""
    folder = write(IMPORTS + exercise)
    assert refused(folder).message == (
        f"{folder.exercise} must define one subclass of Exercise; it defines {names}."
    )


@pytest.mark.parametrize(
    ("line", "attribute"),
    [
        ("    objective = REGRESSION\n", "objective"),
        ('    signatures = {"train_model": ("model",)}\n', "signatures"),
    ],
)
def test_missing_attribute_is_named(write: Write, line: str, attribute: str) -> None:
    """An exercise without what every exercise has is refused when it is loaded."""
    assert line in EXERCISE
    folder = write(IMPORTS + EXERCISE.replace(line, ""))
    error = refused(folder)
    assert error.message == f"{folder.exercise}: Houses has no {attribute}."
    assert attribute in error.tip


@pytest.mark.parametrize("method", ["prepare", "perform"])
def test_missing_method_is_named(write: Write, method: str) -> None:
    """An exercise that does not say how to draw or to call is refused when it is loaded."""
    folder = write(IMPORTS + EXERCISE.replace(f"def {method}", "def other"))
    message = refused(folder).message
    assert str(folder.exercise) in message
    assert method in message


def test_same_assignment_of_another_course_is_loaded_anew(write: Write) -> None:
    """One process can grade two courses, and their modules are never mixed up."""
    first, second = write(), write(course="other", houses="PRICES = [5.0]\n")
    checks = load_module(first, "checks")
    assert load_module(second, "checks").PRICES == [5.0]
    _, held_out = load_exercise(second).prepare(SEEDS, None)
    assert held_out.x.tolist() == [5.0]
    assert load_module(first, "checks").PRICES == [1.0, 2.0]
    assert checks.PRICES == [1.0, 2.0]


def test_two_assignments_keep_their_modules_apart(write: Write) -> None:
    """Modules of the same name in two folders are two modules."""
    first = write()
    second = AssignmentFolder(first.path.with_name("03-flats"))
    second.grading.mkdir(parents=True)
    (second.path / "houses.py").write_text("PRICES = [7.0]\n")
    second.checks.write_text("from ..houses import PRICES\n")
    assert load_module(first, "checks").PRICES == [1.0, 2.0]
    assert load_module(second, "checks").PRICES == [7.0]
    assert load_module(first, "checks").TWICE == [2.0, 4.0]
