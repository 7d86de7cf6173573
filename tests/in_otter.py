"""The first assignment as Otter grades it: the same answers, held against the same checks.

`make bench` installs Otter beside the course, in `.otter/`; nothing else needs it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from autograder.course import load_course

OTTER = Path(__file__).parents[1] / ".otter" / "bin" / "otter"
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
    """Build Otter's autograder for an assignment, and its form of what was handed in.

    As Otter has it, the tests hold the checks; so the notebooks lose the cells that call them.

    Args:
        folder: A course folder with a class.
        assignment: The assignment.
    """
    tests = folder / "otter-tests"
    tests.mkdir()
    for name, points in load_course(folder).assignment(assignment).checks.items():
        text = _TEST.format(assignment=assignment, check=name, points=points)
        (tests / f"{name}.py").write_text(text)
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
    generate = [str(OTTER), "generate", "-t", tests.name, "-o", _ZIP]
    subprocess.run(generate, check=True, cwd=folder, capture_output=True)  # noqa: S603


def otter_commands(folder: Path) -> list[list[str]]:
    """What grades the class: a command for each student, as in a container of Gradescope's."""
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
