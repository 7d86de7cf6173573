"""The public API: what `import autograder` exports is enough to grade a class."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from courses import CORPUS, NAME, ROOT, copy_course

import autograder

ANSWERS = {
    "ada": "right/as-in-the-lesson",
    "bob": "right/objects",
    "emmy": "wrong/from-logits",
    "=1+1": "right/as-in-the-lesson",
}
"""Who hands in what; the last name is not a student id."""
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)


def make_class(folder: Path) -> Path:
    """A course folder whose class has handed in the first assignment."""
    copy_course(folder)
    for student, answer in ANSWERS.items():
        place = folder / "submitted" / student / NAME
        place.mkdir(parents=True)
        shutil.copy(CORPUS / f"{answer}.ipynb", place / f"{NAME}.ipynb")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with a class."""
    return make_class(tmp_path_factory.mktemp("api") / "myclass")


def types_in(annotation: object) -> set[type]:
    """The classes that a type annotation names, those within it too."""
    parts = annotation if isinstance(annotation, list) else typing.get_args(annotation)
    if parts:
        return {found for part in parts for found in types_in(part)}
    return {annotation} if isinstance(annotation, type) else set()


def signature_types(function: Callable[..., object]) -> set[type]:
    """The classes in a function's signature."""
    return {found for hint in typing.get_type_hints(function).values() for found in types_in(hint)}


def test_all_is_sorted_and_every_name_resolves() -> None:
    """Each name of `__all__` can be imported, and the list is in alphabetical order."""
    assert autograder.__all__ == sorted(autograder.__all__)
    assert len(autograder.__all__) == len(set(autograder.__all__))
    for name in autograder.__all__:
        assert getattr(autograder, name).__name__ == name


def test_name_that_is_not_exported_is_an_attribute_error() -> None:
    """A wrong name fails as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        autograder.__getattr__("grades")


def test_type_hints_are_in_the_package() -> None:
    """Type checkers read the hints of an installed package only beside `py.typed`."""
    assert files("autograder").joinpath("py.typed").is_file()


def test_types_of_the_signatures_are_exported() -> None:
    """Whatever `grade`, `load_course` and a Grade hand over can be imported from `autograder`."""
    exported = {getattr(autograder, name) for name in autograder.__all__}
    fields = [
        *autograder.Grade.model_fields.values(),
        *autograder.Course.model_fields.values(),
    ]
    named = {
        *signature_types(autograder.grade),
        *signature_types(autograder.load_course),
        *signature_types(autograder.Course.assignment),
        *signature_types(autograder.Course.folder),
        *(found for field in fields for found in types_in(field.annotation)),
    }
    ours = {found for found in named if found.__module__.startswith("autograder.")}
    assert autograder.Verdict in ours
    assert ours <= exported


def test_page_names_every_export() -> None:
    """docs/api.md mentions each exported name."""
    page = (ROOT / "docs/api.md").read_text()
    assert [name for name in autograder.__all__ if not re.search(rf"\b{name}\b", page)] == []


def test_page_names_every_option() -> None:
    """docs/api.md lists the fields of `Options`, `Progress` and a Grade, and the arguments."""
    page = (ROOT / "docs/api.md").read_text()
    names = [
        *inspect.signature(autograder.grade).parameters,
        *inspect.signature(autograder.Options).parameters,
        *inspect.signature(autograder.Progress).parameters,
        *autograder.Grade.model_fields,
        *autograder.Verdict.model_fields,
    ]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_missing_course_is_an_error_with_a_tip(tmp_path: Path) -> None:
    """An error says what is wrong, and one thing to do."""
    with pytest.raises(autograder.NoCourseError) as missing:
        autograder.load_course(tmp_path)
    assert isinstance(missing.value, autograder.CourseError)
    assert str(tmp_path) in missing.value.message
    assert missing.value.tip


@pytest.mark.sandbox
def test_class_is_graded_by_what_is_exported(folder: Path) -> None:
    """Two students of a class get their marks, and progress says so; the others are left out."""
    steps: list[autograder.Progress] = []
    grades = autograder.grade(
        str(folder), NAME, autograder.Options(students=("ada", "emmy")), steps.append
    )
    ada, emmy = grades
    assert (ada.student, ada.outcome, ada.score) == ("ada", autograder.Outcome.PASSED, 18)
    assert (emmy.student, emmy.outcome, emmy.score) == ("emmy", autograder.Outcome.FAILED, 16)
    failed = [v for v in emmy.checks if v.outcome is not autograder.Outcome.PASSED]
    assert [verdict.name for verdict in failed] == ["compile_loss_fits_labels"]
    assert failed[0].hint
    assert [(step.done, step.total, step.graded) for step in steps] == [(1, 2, True), (2, 2, True)]
    written = (folder / "grades" / NAME / "ada.json").read_text()
    assert autograder.Grade.model_validate_json(written) == ada
    assert (folder / "feedback" / "emmy" / NAME / f"{NAME}.html").is_file()


@pytest.mark.sandbox
def test_class_that_is_graded_already_comes_back_without_training(folder: Path) -> None:
    """A second call finds the Grades, also when it gets a loaded course instead of a folder."""
    options = autograder.Options(students=("ada",))
    (first,) = autograder.grade(folder, NAME, options)
    steps: list[autograder.Progress] = []
    (again,) = autograder.grade(autograder.load_course(folder), NAME, options, steps.append)
    assert again == first
    assert [step.graded for step in steps] == [False]


@pytest.mark.sandbox
def test_folder_that_is_not_a_student_is_reported(folder: Path) -> None:
    """A folder whose name cannot be an id is handed to `on_refused`, by default as a warning."""
    options = autograder.Options(students=("ada", "=1+1"))
    refused: list[autograder.SubmissionError] = []
    grades = autograder.grade(folder, NAME, options, on_refused=refused.append)
    assert [grade.student for grade in grades] == ["ada"]
    assert ["=1+1" in error.message for error in refused] == [True]
    with pytest.warns(UserWarning, match="was not graded"):
        autograder.grade(folder, NAME, options)


@pytest.mark.sandbox
def test_student_who_is_missing_is_an_error(folder: Path) -> None:
    """A wrong id is reported before anything is trained."""
    with pytest.raises(autograder.SubmissionError) as missing:
        autograder.grade(folder, NAME, autograder.Options(students=("adam",)))
    assert "adam" in missing.value.message


@pytest.mark.sandbox
def test_examples_of_the_page_run(tmp_path: Path) -> None:
    """The programs of docs/api.md do what the page says."""
    make_class(tmp_path / "myclass")
    example, listing = (run_program(source, tmp_path) for source in EXAMPLES)
    assert "ada: 18 of 18" in example
    assert "emmy: 16 of 18\n  compile_loss_fits_labels: " in example
    assert f"{NAME}: 10 checks, 18 points" in listing


def run_program(source: str, folder: Path) -> str:
    """What a program prints in a folder."""
    done = subprocess.run(  # noqa: S603 - our own example
        [sys.executable, "-c", source],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
