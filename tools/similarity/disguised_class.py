"""Lay out a class of any size for `autograder similarity`, made from the independent answers.

python -m tools.similarity.disguised_class FOLDER ASSIGNMENT STUDENTS [--copies N]

Each student gets each function from another answer, with names, comments and layout changed.
Students called `copy-N` have the thoroughly disguised answer of `student-N`.
"""

from __future__ import annotations

import ast
import json
import random
import shutil
from pathlib import Path
from typing import Any

from autograder.similarity import UNRELATED
from tools import ROOT, argument_parser
from tools.similarity.disguise import disguise


def make_class(folder: Path, assignment: str, students: int, copies: int) -> None:
    """Fill a folder with the course and its class.

    Args:
        folder: Made if it is missing.
        assignment: The assignment's name.
        students: How many students, those with copies included.
        copies: How many of them have a disguised copy of another one's answer.
    """
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name / assignment, folder / name / assignment, dirs_exist_ok=True)
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    release = json.loads((ROOT / "assignments" / assignment / f"{assignment}.ipynb").read_text())
    asked = _asked(release)
    corpus = ROOT / "solutions" / assignment / "grading" / "corpus" / UNRELATED
    answers = [
        by_name for code in json.loads(corpus.read_text()).values() if (by_name := _parts(code))
    ]
    for number in range(students - copies):
        chance = random.Random(number)  # noqa: S311 - nothing is secret here
        parts = _mixed(answers, asked, chance)
        cells = disguise("\n\n".join(parts.values()), number, thoroughly=False)
        _hand_in(folder, f"student-{number:04}", assignment, release, cells)
        if number < copies:
            cells = disguise("\n\n".join(cells), number + 10**6)
            _hand_in(folder, f"copy-{number:04}", assignment, release, cells)


def _asked(release: dict[str, Any]) -> list[str]:
    """Names of the cells to fill in."""
    return [cell["metadata"]["nbgrader"]["grade_id"] for cell in _stubs(release)]


def _stubs(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    ]


def _parts(code: str) -> dict[str, str]:
    """The source of each function, and of everything else; nothing if it is no plain Python."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return {}
    return {getattr(node, "name", f"line {node.lineno}"): ast.unparse(node) for node in body}


def _mixed(
    answers: list[dict[str, str]], asked: list[str], chance: random.Random
) -> dict[str, str]:
    """Each function from another answer, with what stands beside the functions there."""
    parts: dict[str, str] = {}
    for name in asked:
        answer = chance.choice([answer for answer in answers if name in answer])
        beside = {other: text for other, text in answer.items() if other not in asked}
        if any(other in answer[name] for other in beside):
            parts |= beside
        parts[name] = answer[name]
    return parts


def _hand_in(
    folder: Path, student: str, assignment: str, release: dict[str, Any], cells: list[str]
) -> None:
    """Write a notebook: all cells of the answer in place of the first stub."""
    notebook = json.loads(json.dumps(release))
    stubs = _stubs(notebook)
    last = len(stubs) - 1
    texts = [*cells[:last], *[""] * (last - len(cells)), "\n\n".join(cells[last:])]
    for stub, text in zip(stubs, texts, strict=True):
        stub["source"] = text
    place = folder / "submitted" / student / assignment
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{assignment}.ipynb").write_text(json.dumps(notebook))


def main() -> None:
    """Make a class."""
    parser = argument_parser("tools.similarity.disguised_class", __doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("assignment")
    parser.add_argument("students", type=int)
    parser.add_argument("--copies", type=int, default=20)
    arguments = parser.parse_args()
    make_class(arguments.folder, arguments.assignment, arguments.students, arguments.copies)


if __name__ == "__main__":
    main()
