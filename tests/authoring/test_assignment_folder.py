"""An assignment is one folder and one entry in `course.yml`: copy it, delete it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from courses import NAME, ROOT, copy_course
from ruamel.yaml import YAML

from autograder.authoring import make_release
from autograder.course import Course, add_assignment, load_course
from autograder.exercises import load_exercise
from autograder.grading import start_grader
from autograder.results import Grade, Outcome
from autograder.submissions import SubmittedFile, read_notebook, read_submission

ORIGINAL, COPY = "02-house-prices", "07-more-houses"
CORPUS = load_course(ROOT).folder(ORIGINAL).corpus
EXPECTED = YAML(typ="safe").load(CORPUS / "wrong" / "expected.yml")


def grades(course: Course, name: str, *notebooks: Path) -> list[Grade]:
    """Grade notebooks as submissions of an assignment, in the sandbox and with the course's key."""
    source = read_notebook(course.source_notebook(name))
    release = read_notebook(course.release_notebook(name))
    with ExitStack() as stack:
        grader = start_grader(course, course.assignment(name), stack)
        return [
            grader.grade(read_submission(SubmittedFile("ada", path), source, release))
            for path in notebooks
        ]


@pytest.mark.slow
@pytest.mark.sandbox
def test_copied_assignment_is_released_and_graded(tmp_path: Path) -> None:
    """A copy needs no edit but its new name, in the notebook's file name and its check cells."""
    course = copy_course(tmp_path)
    folder = course.folder(COPY)
    shutil.copytree(course.folder(ORIGINAL).path, folder.path)
    (folder.path / f"{ORIGINAL}.ipynb").rename(folder.notebook)
    folder.notebook.write_text(folder.notebook.read_text().replace(ORIGINAL, COPY))
    entry = YAML(typ="safe").load(tmp_path / "course.yml")["assignments"][ORIGINAL]
    added = add_assignment(tmp_path / "course.yml", COPY, {**entry, "title": "More houses"})
    (tmp_path / "course.yml").write_bytes(added)
    course = load_course(tmp_path)
    made = make_release(tmp_path, COPY)
    assert {path.name for path in made.iterdir()} == {
        f"{COPY}.ipynb",
        *course.folder(ORIGINAL).released_files(),
    }
    wrong = next(name for name, row in EXPECTED.items() if not row.get("may_fail"))
    right = CORPUS / "right" / "as-in-the-lesson.ipynb"
    passed, failed = grades(course, COPY, right, CORPUS / "wrong" / f"{wrong}.ipynb")
    assert passed.assignment == COPY
    assert passed.score == passed.max_score == course.assignment(ORIGINAL).max_score
    missed = [verdict for verdict in failed.checks if verdict.outcome is not Outcome.PASSED]
    assert [verdict.name for verdict in missed] == EXPECTED[wrong]["fails"]
    assert any(EXPECTED[wrong]["hint"] in verdict.hint for verdict in missed)


@pytest.mark.sandbox
def test_deleted_assignment_leaves_the_others_working(tmp_path: Path) -> None:
    """Without the folder and the entry, the others load, and one is graded."""
    course = copy_course(tmp_path)
    shutil.rmtree(course.folder(ORIGINAL).path)
    shutil.rmtree(course.release_notebook(ORIGINAL).parent)
    yaml = YAML()
    document = yaml.load(tmp_path / "course.yml")
    del document["assignments"][ORIGINAL]
    yaml.dump(document, tmp_path / "course.yml")
    course = load_course(tmp_path)
    assert ORIGINAL not in course.assignments
    for name in course.assignments:
        assert load_exercise(course.folder(name)).signatures
    right = load_course(ROOT).folder(NAME).corpus / "right" / "as-in-the-lesson.ipynb"
    (grade,) = grades(course, NAME, right)
    assert grade.score == grade.max_score
