"""Write the files of a new course or a new assignment: all of them, or none."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from autograder.authoring.new_assignment.notebook import (
    fill_in,
    solution_answers,
    source_notebook,
)
from autograder.authoring.release import make_release
from autograder.course import (
    ASSIGNMENT_NAME,
    FILE_NAME,
    PATTERN_DESCRIPTIONS,
    AssignmentFolder,
    add_assignment,
    assignment_names,
)
from autograder.errors import AutograderError, CourseError
from autograder.results import write_atomically

CHECKS: Final = {
    "compile_sets_optimizer": 2,
    "compile_loss_fits_labels": 2,
    "fit_returns_history": 1,
    "fit_runs_every_epoch": 1,
    "loss_goes_down": 3,
    "every_weight_changes": 2,
    "accuracy_passes": 3,
}
"""Points by check."""
THRESHOLDS: Final = {
    "accuracy": (0.8, "share of held-out samples"),
    "largest_step": (10, "move of a weight in one step, for a gradient of 1"),
    "loss_drop": (0.3, "share of the loss before training"),
}
"""Values by threshold, each with its comment in `course.yml`."""
_COMMENT_COLUMN = 26


def start_course(root: Path) -> list[Path]:
    """Write the files of a course without assignments.

    Args:
        root: The folder of the course.

    Returns:
        `course.yml` and `nbgrader_config.py`.

    Raises:
        CourseError: If one of them exists already, or cannot be written.
    """
    course_id = re.sub(r"[^a-z0-9]+", "-", root.resolve().name.lower()).strip("-") or "course"
    files = {
        root / FILE_NAME: _render("course.yml.j2"),
        root / "nbgrader_config.py": _render("nbgrader_config.py.j2", course_id=course_id),
    }
    for path in files:
        if path.exists():
            raise CourseError(f"{path} exists already.", "Choose an empty folder.")
    try:
        for path, text in files.items():
            write_atomically(path, text.encode())
    except OSError as error:
        raise CourseError(
            f"{root} cannot be written to: {error.strerror}.", "Choose another folder."
        ) from error
    return list(files)


def add_new_assignment(root: Path, name: str, title: str) -> list[Path]:
    """Write an assignment that passes its own selftest, for its author to change.

    Args:
        root: The folder that holds `course.yml`; the course may have no assignments yet.
        name: Such as "07-my-idea".
        title: The assignment's title as people read it.

    Returns:
        What was written: the assignment's folder, its release version, the course file.

    Raises:
        CourseError: If the name is not valid or is taken; then nothing is written.
    """
    if not re.fullmatch(ASSIGNMENT_NAME, name):
        raise CourseError(
            f"{name!r} is not a name for an assignment: {PATTERN_DESCRIPTIONS[ASSIGNMENT_NAME]}.",
            "Begin with a number, so that folders sort in the order of the course.",
        )
    folder, release = AssignmentFolder(root / "solutions" / name), root / "assignments" / name
    course_file = root / FILE_NAME
    taken = next((path for path in (folder.path, release) if path.exists()), None)
    if taken is not None or name in assignment_names(course_file):
        raise CourseError(f"{name} exists already: {taken or course_file}.", "Choose another name.")
    with _removed_on_error(folder.path, release):
        _write_folder(folder, title)
        make_release(root, name)
        _write_corpus(folder, nbformat.read(release / f"{name}.ipynb", 4))
        write_atomically(course_file, add_assignment(course_file, name, _course_entry(title)))
    return [folder.path, release, course_file]


@contextlib.contextmanager
def _removed_on_error(*folders: Path) -> Iterator[None]:
    """If writing folders fails, remove them and the folders above them that did not exist."""
    missing = [path for folder in folders for path in (folder, folder.parent) if not path.exists()]
    try:
        yield
    except (OSError, AutograderError):
        for path in missing:
            shutil.rmtree(path, ignore_errors=True)
        raise


def _course_entry(title: str) -> dict[str, Any]:
    """What `course.yml` says of the assignment."""
    thresholds = CommentedMap({name: value for name, (value, _) in THRESHOLDS.items()})
    for name, (_, comment) in THRESHOLDS.items():
        thresholds.yaml_add_eol_comment(comment, name, column=_COMMENT_COLUMN)
    return {"title": title, "checks": CHECKS, "thresholds": thresholds}


def _write_folder(folder: AssignmentFolder, title: str) -> None:
    """Write the source version, its data module, the exercise and the checks."""
    words = {"name": folder.name, "class_name": _class_name(folder.name)}
    folder.grading.mkdir(parents=True)
    folder.exercise.write_text(_render("exercise.py.j2", **words), "utf-8")
    folder.checks.write_text(_render("checks.py.j2", **words), "utf-8")
    (folder.path / "samples.py").write_text(_render("samples.py.j2", **words), "utf-8")
    notebook = source_notebook(_render("notebook.md.j2", title=title), folder.name, CHECKS)
    _write_notebook(notebook, folder.notebook)


def _class_name(name: str) -> str:
    """The exercise's class: "07-my-idea" becomes "MyIdeaExercise"."""
    words = re.findall(r"[a-z][a-z0-9]*", name) or ["new"]
    return "".join(word.capitalize() for word in words) + "Exercise"


def _render(template: str, **words: str) -> str:
    environment = Environment(
        loader=PackageLoader("autograder.authoring.new_assignment"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and Markdown of our own, with a validated name
    )
    return environment.get_template(template).render(words)


def _write_corpus(assignment: AssignmentFolder, release: Any) -> None:
    """Write right and wrong submissions, and `expected.yml` for the wrong ones."""
    solution = solution_answers(nbformat.read(assignment.notebook, 4))
    corpus: Mapping[str, Mapping[str, Any]] = YAML(typ="safe").load(_render("corpus.yml"))
    expected = {}
    for kind, submissions in corpus.items():
        folder = assignment.corpus / kind
        folder.mkdir(parents=True)
        for name, row in submissions.items():
            answers = {cell: row.get(cell, answer) for cell, answer in solution.items()}
            _write_notebook(fill_in(release, answers), folder / f"{name}.ipynb")
            if kind == "wrong":
                expected[name] = {key: row[key] for key in row if key not in solution}
    writer = YAML()
    writer.indent(sequence=4, offset=2)
    writer.dump(expected, assignment.corpus / "wrong" / "expected.yml")


def _write_notebook(notebook: Any, path: Path) -> None:
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", "utf-8")
