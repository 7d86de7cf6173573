"""Match a student's cells with the source version's, and select the cells to run.

The student's cells run in the notebook's order. A locked cell runs with the source version's own
text; a missing one runs where the source version has it. Demonstrations and graded cells of the
release version do not run; what a student defined in them does.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from autograder.submissions.added_code import added_code, given_names
from autograder.submissions.cells import SCRIPT, Cell
from autograder.submissions.defined_names import defined_names
from autograder.submissions.notebooks import (
    MAX_CELLS,
    Notebook,
    NotebookCell,
    code_of,
    grade_id,
    is_demonstration,
    is_solution,
    normalized_text,
    source_of,
)

_WORD = re.compile(r"\w+")
_CELL_START = re.compile(r"^# ?%%.*$|^# In\[[ \d]*\]:.*$|^# \+.*$", re.MULTILINE)
"""Where editors, Jupytext and nbconvert begin a cell in a Python file."""


@dataclasses.dataclass(frozen=True)
class PlacedCell:
    """One of the student's cells.

    Attributes:
        name: The nbgrader id of the source version's cell that it is; "" if the student added it.
        cell: The cell.
        number: Its position in the student's notebook, counted from 1.
        added: What the student added to a locked cell, a check or a demonstration, and runs.
    """

    name: str
    cell: NotebookCell
    number: int
    added: str = ""


def place_cells(submitted: Notebook, source: Notebook, release: Notebook) -> list[PlacedCell]:
    """Match each of the student's cells with a cell of the source version.

    Cells match by nbgrader id; if an editor lost the id, by the text of a released cell.

    Args:
        submitted: The student's notebook.
        source: The source version.
        release: The release version, which has stubs in place of solutions.
    """
    known = {grade_id(cell) for cell in source["cells"]} - {""}
    by_text = {
        (cell["cell_type"], normalized_text(cell)): grade_id(cell)
        for cell in release["cells"]
        if grade_id(cell)
    }
    originals = {grade_id(cell): cell for cell in release["cells"] if grade_id(cell)}
    given = given_names(filter(_is_locked_code, release["cells"]))
    placed = []
    for number, cell in enumerate(submitted["cells"], start=1):
        name = grade_id(cell)
        if name not in known:
            name = by_text.get((str(cell.get("cell_type")), normalized_text(cell)), "")
        original = originals.get(name)
        added = ""
        if original is not None and not is_solution(original) and _are_code(cell, original):
            added = added_code(source_of(cell), source_of(original), given)
        placed.append(PlacedCell(name, cell, number, added))
    return placed


def _are_code(*cells: NotebookCell) -> bool:
    return all(cell.get("cell_type") == "code" for cell in cells)


def cells_to_run(placed: Sequence[PlacedCell], source: Notebook) -> Iterator[Cell]:
    """The cells to run, in order: the student's, and locked cells that are missing.

    Args:
        placed: From `place_cells`.
        source: The source version.
    """
    originals = {grade_id(cell): cell for cell in source["cells"] if grade_id(cell)}
    missing = _missing_cells(placed, source)
    names: set[str] = set()
    for position, student_cell in enumerate(placed):
        yield from missing[position]
        if student_cell.cell.get("cell_type") == "code":
            name = student_cell.name
            yield from _code_to_run(student_cell, originals.get(name), first=name not in names)
            names.add(name)
    yield from missing[len(placed)]


def script_cells(script: str, source: Notebook) -> Iterator[Cell]:
    """The cells to run for a Python file: locked cells, and the file in place of the answers.

    The file comes after every locked cell that names none of the student's functions, so that it
    finds the names that stand between the answers in the notebook.

    Args:
        script: The file's text, in one or more cells.
        source: The source version.
    """
    answers = {grade_id(cell) for cell in source["cells"] if is_solution(cell)}
    before: list[Cell] = []
    after: list[Cell] = []
    for number, cell in enumerate(source["cells"]):
        if _is_locked_code(cell):
            code = source_of(cell)
            locked = Cell(name=grade_id(cell) or f"number {number + 1}", source=code)
            (after if answers & set(_WORD.findall(code)) else before).append(locked)
    yield from before
    yield from split_script(script)
    yield from after


def split_script(script: str) -> Iterator[Cell]:
    """The cells of a Python file, at most `MAX_CELLS`; lines are numbered as in the file."""
    marks = (match.start() for match in itertools.islice(_CELL_START.finditer(script), MAX_CELLS))
    starts = sorted({0, *marks})[:MAX_CELLS]
    line = 1
    for start, end in zip(starts, [*starts[1:], len(script)], strict=True):
        yield Cell(name=SCRIPT, source=script[start:end], first_line=line)
        line += script.count("\n", start, end)


def untouched_cells(placed: Sequence[PlacedCell], release: Notebook) -> frozenset[str]:
    """Names of solution cells that are as released, and that no later cell answers.

    Comments and blank lines are ignored. A cell for code that was emptied is not as released: its
    function may come from anywhere.

    Args:
        placed: From `place_cells`.
        release: The release version.
    """
    untouched = set()
    for cell in release["cells"]:
        name, stub = grade_id(cell), code_of(cell)
        if not is_solution(cell):
            continue
        own = [(n, code_of(each.cell)) for n, each in enumerate(placed) if each.name == name]
        stubs = [n for n, code in own if code == stub or not (code or _are_code(cell))]
        if stubs and all(code in ("", stub) for _, code in own):
            later = [student_cell.cell for student_cell in placed[stubs[-1] + 1 :]]
            if not any(name in defined_names(later_cell) for later_cell in later):
                untouched.add(name)
    return frozenset(untouched)


def _missing_cells(placed: Sequence[PlacedCell], source: Notebook) -> dict[int, list[Cell]]:
    """Locked cells that are missing, by the position in `placed` that each runs before.

    Each runs after the nearest present cell that precedes it in the source version.
    """
    order = {grade_id(cell): index for index, cell in enumerate(source["cells"]) if grade_id(cell)}
    positions: dict[int, int] = {}
    for position, student_cell in enumerate(placed):
        if student_cell.name:
            positions[order[student_cell.name]] = position
    missing: dict[int, list[Cell]] = defaultdict(list)
    for index, cell in enumerate(source["cells"]):
        name = grade_id(cell)
        if not _is_locked_code(cell) or index in positions or not name:
            continue
        previous = max((other for other in positions if other < index), default=None)
        position = 0 if previous is None else positions[previous] + 1
        missing[position].append(Cell(name=name, source=source_of(cell)))
    return missing


def _code_to_run(
    student_cell: PlacedCell, original: NotebookCell | None, *, first: bool
) -> Iterator[Cell]:
    """The code to run for one of the student's code cells.

    Args:
        student_cell: The cell.
        original: The source version's cell that it is, if any.
        first: Whether it is the first of its name.
    """
    name, source = student_cell.name, source_of(student_cell.cell)
    if original is None:
        yield Cell(name=f"number {student_cell.number}", source=source)
    elif is_solution(original) and original["cell_type"] == "code":
        yield Cell(name=name, source=source)
    else:
        if _is_locked_code(original) and first:
            yield Cell(name=name, source=source_of(original))
        if student_cell.added:
            yield Cell(name=name, source=student_cell.added)


def _is_locked_code(cell: NotebookCell) -> bool:
    """Whether a cell of the source version runs unchanged: not an answer, check or demo."""
    settings = cell["metadata"].get("nbgrader", {})
    return (
        cell["cell_type"] == "code"
        and not is_solution(cell)
        and not settings.get("grade")
        and not is_demonstration(cell)
    )
