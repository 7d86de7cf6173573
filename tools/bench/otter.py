"""A class as Otter grades it: the same answers and the same checks.

`make bench` installs Otter beside the course, in `.otter/`; nothing else needs it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from autograder.course import load_course
from tools import ROOT

OTTER = ROOT / ".otter" / "bin" / "otter"
_ZIP = "otter.zip"
_TEST = """\
from autograder import check
from otter.test_files import test_case

OK_FORMAT = False
name = {check!r}
points = {points}


@test_case()
def passes():
    check({assignment!r}, {check!r})
"""


def make_otter_class(folder: Path, assignment: str) -> None:
    """Build Otter's autograder for an assignment, and submissions in Otter's form.

    Otter's tests run the checks, so the notebooks lose the cells that call them.

    Args:
        folder: A course folder with a class.
        assignment: The assignment.
    """
    build = folder / "otter-build"
    tests = build / "tests"
    tests.mkdir(parents=True)
    course = load_course(folder)
    for name, points in course.assignment(assignment).checks.items():
        text = _TEST.format(assignment=assignment, check=name, points=points)
        (tests / f"{name}.py").write_text(text)
    released = course.folder(assignment).released_files()
    for name, data in released.items():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_bytes(data)
    for path in folder.glob(f"submitted/*/{assignment}/*.ipynb"):
        notebook = json.loads(path.read_text())
        notebook["cells"] = [
            cell
            for cell in notebook["cells"]
            if not cell["metadata"].get("nbgrader", {}).get("grade")
        ]
        place = folder / "otter" / path.parts[-3]
        place.mkdir(parents=True)
        (place / path.name).write_text(json.dumps(notebook))
    generate = [str(OTTER), "generate", "-t", tests.name, "-o", str(folder / _ZIP), *released]
    subprocess.run(generate, check=True, cwd=build, capture_output=True)


def otter_commands(folder: Path) -> list[list[str]]:
    """The commands that grade the class: one per student, as in a container of Gradescope's."""
    return [
        [str(OTTER), "run", "-a", _ZIP, "-o", str(path.parent), "--no-logo", str(path)]
        for path in sorted(folder.glob("otter/*/*.ipynb"))
    ]


def otter_scores(folder: Path) -> dict[str, float]:
    """The points of each student, from the results that Otter wrote."""
    return {
        path.parent.name: sum(
            test["score"] for test in json.loads(path.read_text())["tests"] if "score" in test
        )
        for path in folder.glob("otter/*/results.json")
    }
