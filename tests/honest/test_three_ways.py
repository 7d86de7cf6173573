"""A notebook's own `check`, `autograder check --file` and grading give the same verdicts.

Each notebook is executed in a kernel of its own, which takes some ten seconds: a few of them here,
and all by `make agreement`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import nbformat
import pytest
from _pytest.mark import ParameterSet
from courses import NAME, ROOT
from nbclient import NotebookClient

from autograder.course import Course
from autograder.grading import Grader, start_grader
from autograder.results import Outcome
from autograder.submissions import (
    SubmittedFile,
    decode_text,
    read_notebook,
    read_submission,
)

Failed = set[str]
"""Names of checks."""
NOTEBOOKS = Path(__file__).with_name("notebooks")
FILES = [
    *((NAME, p) for p in sorted(NOTEBOOKS.rglob(f"{NAME}.*")) if p.suffix in (".ipynb", ".py")),
    *(
        (path.parents[3].name, path)
        for path in sorted(ROOT.glob("solutions/*/grading/corpus/*/*.ipynb"))
    ),
]
"""Each file with its assignment."""
ALL = os.environ.get("AGREEMENT") == "all"
EVERY = 64
NOT_PASSED = ("✗", "\N{EN DASH}")
"""How a console marks a check."""
LACK_A_PACKAGE = {"imports-that-fail/ada", "imports-that-fail/carl"}
"""Where they were written, pandas is installed. A kernel without it leaves out the rest of the cell
that imports it; grading runs the cell's other lines."""
SHARE_AN_OPTIMIZER = {"metadata-lost/daphne"}
"""One optimizer for all models: in a kernel, the notebook's demonstrations train with it first, and
Keras refuses it for another model; grading does not run demonstrations."""
IN_THE_KERNEL = """
from autograder import check as _check
_check({name!r})
"""
FROM_THE_FILE = """
import sys
from pathlib import Path
from autograder.course import load_course
from autograder.student import self_check_file
course = load_course(Path(sys.argv[1]))
answers = self_check_file(course, course.assignment({name!r}), Path(sys.argv[2]))
print("FAILED " + ", ".join(a.verdict.name for a in answers if a.verdict.outcome != "passed"))
"""


def name_of(path: Path) -> str:
    """Such as "split-cells/ada" or "01-first-training/right/objects"."""
    if path.is_relative_to(NOTEBOOKS):
        return path.relative_to(NOTEBOOKS).parents[1].as_posix()
    return f"{path.parents[3].name}/{path.parent.name}/{path.stem}"


def cases() -> Iterator[ParameterSet]:
    """Every so many-th file, or all."""
    for number, (name, path) in enumerate(FILES):
        if ALL or number % EVERY == 0:
            yield pytest.param(name, path, id=name_of(path))


@pytest.fixture(scope="module")
def graded(course: Course) -> Iterator[Callable[[str, Path], Failed]]:
    """What grading with the practice seeds says."""

    @cache
    def grader_of(name: str) -> Grader:
        return start_grader(course, course.assignment(name), stack, practice_seeds=True)

    def failed(name: str, path: Path) -> Failed:
        source = read_notebook(course.source_notebook(name))
        release = read_notebook(course.release_notebook(name))
        submission = read_submission(SubmittedFile("ada", path), source, release)
        verdicts = grader_of(name).grade(submission).checks
        return {v.name for v in verdicts if v.outcome is not Outcome.PASSED}

    with ExitStack() as stack:
        yield failed


def failed_in(text: str) -> Failed:
    """The failed checks that a program printed."""
    line = next(line for line in text.splitlines() if line.startswith("FAILED "))
    return {name for name in line.removeprefix("FAILED ").split(", ") if name}


def checked_file(course: Course, name: str, path: Path) -> Failed:
    """What `autograder check --file` says."""
    code = FROM_THE_FILE.format(name=name)
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(course.root), str(path)],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return failed_in(done.stdout)


def is_check(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell is one of the release version's checks."""
    return bool(cell.cell_type == "code" and cell.source.startswith("check("))


def checked_in_a_kernel(course: Course, name: str, path: Path) -> Failed:
    """What `check` says in a kernel that has run the notebook from top to bottom."""
    notebook = nbformat.reads(decode_text(path.read_bytes()), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not is_check(cell)]  # each may train
    notebook.cells.append(nbformat.v4.new_code_cell(IN_THE_KERNEL.format(name=name)))
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    released = str(course.folder(name).path)
    path_of_modules = os.pathsep.join([released, *filter(None, [os.environ.get("PYTHONPATH")])])
    client.execute(env={**os.environ, "PYTHONPATH": path_of_modules})
    (table,) = (o for o in notebook.cells[-1].outputs if o.output_type == "display_data")
    lines = [line for line in table.data["text/plain"].splitlines() if line[:1] in NOT_PASSED]
    return {c for c in course.assignment(name).checks if any(f"({c})" in line for line in lines)}


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize(("name", "path"), list(cases()))
def test_three_ways_agree(
    name: str, path: Path, course: Course, graded: Callable[[str, Path], Failed], tmp_path: Path
) -> None:
    """Passed or not passed is the same everywhere."""
    copy = tmp_path / "work" / path.name  # notebooks write files beside themselves
    if path.is_relative_to(NOTEBOOKS):
        shutil.copytree(path.parent, copy.parent)
    else:
        copy.parent.mkdir()
        shutil.copy(path, copy)
    ways = {"grading": graded(name, copy), "file": checked_file(course, name, copy)}
    shared = {*LACK_A_PACKAGE, *SHARE_AN_OPTIMIZER}
    if path.suffix == ".ipynb" and name_of(path) not in shared:
        ways["kernel"] = checked_in_a_kernel(course, name, copy)
    assert ways == dict.fromkeys(ways, ways["grading"])
