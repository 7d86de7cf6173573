"""The classes that `make bench` grades, and the commands of each grader."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autograder.course import load_course
from tools import ROOT
from tools.bench.measure import run_command
from tools.bench.otter import make_otter_class, otter_commands
from tools.classes.demo import CLASS, make_class

SKIPPED = ("maryam",)
"""nbgrader stops at a cell with a syntax error, and we do not."""
OURS, ONE_WORKER, FLOOR = "autograder grade", "autograder grade, one worker", "floor"
NBGRADER, OTTER, PYTEST = "nbgrader autograde", "otter run", "pytest"
_TEST = """\
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.student.self_check import self_check_file

COURSE = load_course()
ASSIGNMENT = COURSE.assignment({assignment!r})


@pytest.fixture(scope="session")
def verdicts():
    answers = self_check_file(COURSE, ASSIGNMENT, Path({notebook!r}))
    return {{answer.verdict.name: answer.verdict for answer in answers}}


@pytest.mark.parametrize("name", list(ASSIGNMENT.checks))
def test_check(verdicts, name):
    print(verdicts[name].outcome)
"""

Commands = Sequence[Sequence[str]]


def make_bench_class(folder: Path, assignment: str, size: int) -> None:
    """Fill a folder with the course and a class.

    Each student has one of the demo class's submissions, with a line that makes it another file:
    so each has seeds of its own.

    Args:
        folder: An empty folder.
        assignment: The assignment.
        size: The number of students.
    """
    make_class(folder, [assignment])
    submitted = folder / "submitted"
    sources = {
        student: (submitted / student / assignment / f"{assignment}.ipynb").read_text()
        for student in CLASS[assignment]
        if student not in SKIPPED
    }
    shutil.rmtree(submitted)
    for number, text in zip(range(size), itertools.cycle(sources.values()), strict=False):
        student = f"student-{number:04}"
        notebook = json.loads(text)
        answer = next(cell for cell in notebook["cells"] if _is_answer(cell))
        answer["source"] = "".join(answer["source"]) + f"\n# {student}\n"
        place = submitted / student / assignment
        place.mkdir(parents=True)
        (place / f"{assignment}.ipynb").write_text(json.dumps(notebook))


def _is_answer(cell: Mapping[str, object]) -> bool:
    metadata = cell["metadata"]
    settings = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
    return cell["cell_type"] == "code" and bool(settings.get("solution"))


def _program(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _ours(_folder: Path, assignment: str) -> Commands:
    return [_program("-m", "autograder", "grade", assignment)]


def _one_worker(_folder: Path, assignment: str) -> Commands:
    return [_program("-m", "autograder", "grade", assignment, "--workers", "1")]


def _nbgrader(folder: Path, assignment: str) -> Commands:
    """Make the release version first, untimed: nbgrader knows an assignment by it."""
    generate = _program("-m", "nbgrader", "generate_assignment", assignment, "--force")
    run_command(folder, generate)
    return [_program("-m", "nbgrader", "autograde", assignment, "--force")]


def _otter(folder: Path, assignment: str) -> Commands:
    make_otter_class(folder, assignment)
    return otter_commands(folder)


def _pytest(folder: Path, assignment: str) -> Commands:
    commands = []
    for notebook in sorted(folder.glob(f"submitted/*/{assignment}/*.ipynb")):
        test = folder / f"test_{notebook.parts[-3].replace('-', '_')}.py"
        test.write_text(_TEST.format(assignment=assignment, notebook=str(notebook)))
        commands.append(_program("-m", "pytest", "-q", "-p", "no:cacheprovider", test.name))
    return commands


def _floor(folder: Path, assignment: str) -> Commands:
    """One process for the whole class; its notebooks open the released files beside them."""
    for name, data in load_course(folder).folder(assignment).released_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return [_program(str(ROOT / "tools/bench/floor.py"), str(folder), assignment)]


RIVALS: Mapping[str, Callable[[Path, str], Commands]] = {
    OURS: _ours,
    ONE_WORKER: _one_worker,
    FLOOR: _floor,
    PYTEST: _pytest,
    NBGRADER: _nbgrader,
    OTTER: _otter,
}
"""For each grader the commands that grade the class in a folder; may prepare the folder."""
