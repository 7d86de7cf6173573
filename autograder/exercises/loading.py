"""Import an assignment's own modules from its folder, wherever that is.

The folder is a package while it is imported, so that `grading/exercise.py` writes
`from ..houses import houses`, and `grading/checks.py` writes `from .exercise import EPOCHS`.
"""

from __future__ import annotations

import importlib
import sys
import types

from autograder.course import AssignmentFolder
from autograder.errors import CourseError
from autograder.exercises.exercise import Exercise
from autograder.exercises.steps import TrainingGiven, TrainingObserved

_ROOT = "autograder_assignments"

AnyExercise = Exercise[TrainingGiven, TrainingObserved]


def load_exercise(folder: AssignmentFolder) -> AnyExercise:
    """Make the exercise of an assignment.

    Args:
        folder: The assignment's folder.

    Returns:
        An object of the one subclass of `Exercise` that `grading/exercise.py` defines.

    Raises:
        CourseError: If the module is missing, cannot be imported, or defines none or several.
    """
    module = load_module(folder, "exercise")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Exercise)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        names = ", ".join(kind.__name__ for kind in classes) or "none"
        raise CourseError(
            f"{folder.exercise} must define one subclass of Exercise; it defines {names}.",
            "Write class MyExercise(Exercise[Given, Observed]) with prepare and perform.",
        )
    try:
        exercise: AnyExercise = classes[0]()
    except TypeError as error:  # an abstract method is missing
        raise CourseError(
            f"{folder.exercise}: {error}.",
            "Write the methods that it names; see the docstring of Exercise.",
        ) from error
    for attribute in ("objective", "signatures"):
        if not hasattr(exercise, attribute):
            raise CourseError(
                f"{folder.exercise}: {classes[0].__name__} has no {attribute}.",
                f"Set {attribute} in the class; see the docstring of Exercise.",
            )
    return exercise


def load_module(folder: AssignmentFolder, name: str) -> types.ModuleType:
    """Import a module of an assignment's `grading` folder, once per process.

    Args:
        folder: The assignment's folder.
        name: Such as "checks".

    Returns:
        The module.

    Raises:
        CourseError: If it is missing, or raises while it is imported.
    """
    path = folder.grading / f"{name}.py"
    if not path.is_file():
        raise CourseError(
            f"{folder.name} has no {name}: {path} is missing.",
            "Write it, or correct the assignment's name in course.yml.",
        )
    package = _package_of(folder)
    try:
        return importlib.import_module(f"{package}.{folder.grading.name}.{name}")
    except Exception as error:
        raise CourseError(
            f"{path} cannot be imported: {type(error).__name__}: {error}{_place(error)}.",
            "Fix it; autograder selftest shows whether the checks work.",
        ) from error


def _package_of(folder: AssignmentFolder) -> str:
    """The package for an assignment's folder; replaces that of another folder of this name."""
    name = f"{_ROOT}.{folder.name}"
    loaded = sys.modules.get(name)
    if loaded is None or list(loaded.__path__) != [str(folder.path)]:
        for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
            del sys.modules[module]
        sys.modules.setdefault(_ROOT, _package(_ROOT, []))
        sys.modules[name] = _package(name, [str(folder.path)])
        importlib.invalidate_caches()
    return name


def _package(name: str, path: list[str]) -> types.ModuleType:
    package = types.ModuleType(name)
    vars(package)["__path__"] = path
    return package


def _place(error: Exception) -> str:
    """Where in the author's files an import failed, for a message."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{_ROOT}." in str(trace.tb_frame.f_globals.get("__name__", "")):
            place = f" ({code.co_filename}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return place
