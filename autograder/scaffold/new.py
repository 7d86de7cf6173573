"""Write a new assignment's files: all of them, or none."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from ruamel.yaml import YAML

from autograder.course import Course
from autograder.course.edit import add_assignment
from autograder.course.models import ASSIGNMENT_NAME, PATTERN_WORDS
from autograder.errors import AutograderError, CourseError
from autograder.exercises import module_suffix
from autograder.journal import write_atomically
from autograder.release import make_release
from autograder.scaffold.notebook import filled_in, reference_answers, source_notebook

CHECKS: Final = {
    "compile_sets_optimizer": 2,
    "compile_loss_fits_labels": 2,
    "fit_returns_history": 1,
    "fit_runs_every_epoch": 1,
    "loss_goes_down": 3,
    "every_weight_changes": 2,
    "accuracy_passes": 3,
}
THRESHOLDS: Final = {
    "accuracy": 0.8,
    "history_gap": 0.2,
    "largest_step": 10,
    "loss_drop": 0.3,
}
_PACKAGE = Path(__file__).parents[1]


def add_new_assignment(course: Course, name: str, title: str) -> list[Path]:
    """Write an assignment that passes its own selftest, for its author to change.

    Args:
        course: The course, whose folder holds this package.
        name: Such as "07-my-idea".
        title: The assignment's name as people read it.

    Returns:
        What was written: source version, release version, exercise, checks, corpus, course file.

    Raises:
        CourseError: If the name cannot be used or is taken, or the course is not where this
            package is; then nothing is written.
    """
    if not re.fullmatch(ASSIGNMENT_NAME, name):
        raise CourseError(
            f"{name!r} is no name of an assignment: {PATTERN_WORDS[ASSIGNMENT_NAME]}.",
            "Begin with a number, so that folders sort in the order of the course.",
        )
    if course.root / "autograder" != _PACKAGE:
        raise CourseError(
            f"Exercises and checks are written into the package, and {course.root} is not the "
            f"folder that this autograder runs from, {_PACKAGE.parent}.",
            "Clone the course's repository, run make test there, and use its .venv.",
        )
    suffix = module_suffix(name)
    source, release = course.source_notebook(name).parent, course.release_notebook(name).parent
    exercise = _PACKAGE / "exercises" / f"exercise_{suffix}.py"
    checks = _PACKAGE / "checks" / f"test_{suffix}.py"
    corpus = course.root / "tests" / "corpus" / name
    made = [source, release, exercise, checks, corpus]
    taken = [path for path in made if path.exists()]
    if name in course.assignments or taken:
        where = taken[0] if taken else course.root / "course.yml"
        raise CourseError(f"{name} is there already: {where}.", "Choose another name.")
    try:
        exercise.write_text(_rendered("exercise.py.j2", name=name), "utf-8")
        checks.write_text(_rendered("test.py.j2", name=name), "utf-8")
        notebook = source_notebook(_rendered("notebook.md.j2", title=title), name, CHECKS)
        source.mkdir(parents=True)
        _write(notebook, course.source_notebook(name))
        make_release(course.root, name)
        _write_corpus(corpus, notebook, nbformat.read(course.release_notebook(name), 4))
        course_file = course.root / "course.yml"
        entry = {"title": title, "checks": CHECKS, "thresholds": THRESHOLDS}
        write_atomically(course_file, add_assignment(course_file, name, entry))
    except (OSError, AutograderError):
        for path in made:
            shutil.rmtree(path, ignore_errors=True)
            if path.is_file():
                path.unlink()
        raise
    return [*made, course_file]


def _rendered(template: str, **words: str) -> str:
    environment = Environment(
        loader=PackageLoader("autograder.scaffold"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and Markdown of our own, with a validated name
    )
    return environment.get_template(template).render(words)


def _write_corpus(folder: Path, source: Any, release: Any) -> None:
    reference = reference_answers(source)
    yaml = YAML(typ="safe")
    answers: Mapping[str, Any] = yaml.load(
        (Path(__file__).parent / "templates" / "corpus.yml").read_text("utf-8")
    )
    expected = {}
    for kind, submissions in answers.items():
        (folder / kind).mkdir(parents=True)
        for name, row in submissions.items():
            cells = {cell: row[cell] for cell in reference if cell in row}
            _write(filled_in(release, cells, reference), folder / kind / f"{name}.ipynb")
            if kind == "wrong":
                expected[name] = {key: row[key] for key in row if key not in reference}
    writer = YAML()
    writer.indent(sequence=4, offset=2)
    writer.dump(expected, folder / "wrong" / "expected.yml")


def _write(notebook: Any, path: Path) -> None:
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", "utf-8")
