"""Make the corpus notebooks again from the release versions, after a lesson has changed.

    python -m tools.corpora.refresh

The answers, and cells that a submission added, stay; everything else becomes the release version's,
also the stubs that nobody wrote over.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from autograder.course import load_course
from autograder.submissions import grade_id, is_solution, source_of
from tools import ROOT

_STUB = ["# YOUR CODE HERE", "raise NotImplementedError()"]
"""The end of a cell that nobody has written in."""


def main() -> None:
    """Make all of them again."""
    course = load_course(ROOT)
    for name in course.assignments:
        release = json.loads(course.release_notebook(name).read_text("utf-8"))
        for path in sorted(course.folder(name).corpus.glob("*/*.ipynb")):
            old = json.loads(path.read_text("utf-8"))
            new = {**release, "cells": _refreshed(old["cells"], release["cells"])}
            path.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _refreshed(old: list[Any], release: list[Any]) -> list[Any]:
    """The release version's cells with a submission's answers, and the cells that it added."""
    answers = {grade_id(c): c for c in old if is_solution(c) and not _is_stub(c)}
    added, previous = defaultdict(list), ""
    for cell in old:
        if cell["id"].startswith("own-"):
            added[previous].append(cell)
        else:
            previous = grade_id(cell) or previous
    cells = [*added[""]]
    for cell in release:
        name = grade_id(cell)
        cells.append(answers.get(name, cell))
        if name:
            cells += added.pop(name, [])
    if any(added.values()):
        raise SystemExit(f"cells were added below cells that no longer exist: {', '.join(added)}")
    return cells


def _is_stub(cell: Any) -> bool:
    lines = source_of(cell).strip().splitlines()
    return [line.strip() for line in lines[-2:]] == _STUB


if __name__ == "__main__":
    main()
