"""What a student's notebook means: which cells run, in which order.

The student's cells run in the notebook's order. A locked cell runs with the source version's own
text; one that is missing runs where the source version has it. Demonstrations and graded cells of
the release version do not run.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from autograder.submissions.cells import SCRIPT, Cell
from autograder.submissions.notebooks import (
    Notebook,
    NotebookCell,
    code_of,
    grade_id,
    is_solution,
    source_of,
)

_DEMO_TAG = "demo"
_CELL_MARK = re.compile(r"^# ?%%.*$|^# In\[[ \d]*\]:.*$|^# \+.*$", re.MULTILINE)
"""Where editors, Jupytext and nbconvert begin a cell in a Python file."""
_DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *=(?!=)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class PlacedCell:
    """One of the student's cells.

    Attributes:
        name: Which cell of the source version it is, by nbgrader id; "" for one of their own.
        cell: The cell.
        number: Its place in the student's notebook, from 1.
    """

    name: str
    cell: NotebookCell
    number: int


def place_cells(handed_in: Notebook, source: Notebook, release: Notebook) -> list[PlacedCell]:
    """Say of each of the student's cells which cell of the source version it is.

    By its nbgrader id; where an editor lost that, by its text, if that is a released cell's.

    Args:
        handed_in: The student's notebook.
        source: The source version.
        release: The release version, which has stubs in place of solutions.
    """
    known = {grade_id(cell) for cell in source["cells"]} - {""}
    by_text = {
        (cell["cell_type"], _stripped(cell)): grade_id(cell)
        for cell in release["cells"]
        if grade_id(cell)
    }
    placed = []
    for number, cell in enumerate(handed_in["cells"], start=1):
        name = grade_id(cell)
        if name not in known:
            name = by_text.get((str(cell.get("cell_type")), _stripped(cell)), "")
        placed.append(PlacedCell(name, cell, number))
    return placed


def cells_to_run(placed: Sequence[PlacedCell], source: Notebook) -> Iterator[Cell]:
    """What runs, in order: the student's cells, and the locked cells that they lost.

    Args:
        placed: From `place_cells`.
        source: The source version.
    """
    originals = {grade_id(cell): cell for cell in source["cells"] if grade_id(cell)}
    lost = _lost_cells(placed, source)
    done: set[str] = set()
    for place, one in enumerate(placed):
        yield from lost[place]
        if one.cell.get("cell_type") == "code":
            yield from _run(one, originals.get(one.name), first=one.name not in done)
            done.add(one.name)
    yield from lost[len(placed)]


def script_cells(script: str, source: Notebook) -> Iterator[Cell]:
    """What runs of a Python file: locked cells, and the file in place of the answers.

    Args:
        script: The file's text, in one or more cells.
        source: The source version.
    """
    first = next(n for n, cell in enumerate(source["cells"]) if is_solution(cell))
    for place, cell in enumerate(source["cells"]):
        if place == first:
            yield from split_script(script)
        if _is_locked_code(cell):
            yield Cell(name=grade_id(cell) or f"number {place + 1}", source=source_of(cell))


def split_script(script: str) -> Iterator[Cell]:
    """The cells of a Python file; their lines count from the file's first."""
    starts = sorted({0, *(mark.start() for mark in _CELL_MARK.finditer(script))})
    for start, end in zip(starts, [*starts[1:], len(script)], strict=True):
        yield Cell(name=SCRIPT, source="\n" * script.count("\n", 0, start) + script[start:end])


def untouched_cells(placed: Sequence[PlacedCell], release: Notebook) -> frozenset[str]:
    """Names of solution cells that are as released, and that no later cell answers.

    Comments and blank lines do not count.

    Args:
        placed: From `place_cells`.
        release: The release version.
    """
    untouched = set()
    for cell in release["cells"]:
        name, stub = grade_id(cell), code_of(cell)
        places = [place for place, one in enumerate(placed) if one.name == name]
        if not is_solution(cell) or not places:
            continue
        if all(code_of(placed[place].cell) in ("", stub) for place in places):
            last = max((p for p in places if code_of(placed[p].cell)), default=places[-1])
            if not any(name in _defined_names(one.cell) for one in placed[last + 1 :]):
                untouched.add(name)
    return frozenset(untouched)


def demonstration_names(release: Notebook, ran: Iterable[str]) -> frozenset[str]:
    """Names that only demonstrations have defined: while grading they do not exist.

    Args:
        release: The release version.
        ran: Sources of the cells that a student's kernel has run.
    """
    demonstrations = [cell for cell in release["cells"] if _DEMO_TAG in _tags(cell)]
    texts = {_stripped(cell) for cell in demonstrations}
    shown = {name for cell in demonstrations for name in _defined_names(cell)}
    kept: set[str] = set()
    for source in ran:
        cell = {"cell_type": "code", "source": source}
        if _stripped(cell) not in texts:
            kept |= _defined_names(cell)
    return frozenset(shown - kept)


def _tags(cell: NotebookCell) -> Sequence[str]:
    tags = cell["metadata"].get("tags", [])
    return tags if isinstance(tags, list) else []


def _lost_cells(placed: Sequence[PlacedCell], source: Notebook) -> dict[int, list[Cell]]:
    """Locked cells that the student has lost, by the place before which each runs.

    Each runs after the nearest cell that the source version has before it.
    """
    order = {grade_id(cell): place for place, cell in enumerate(source["cells"]) if grade_id(cell)}
    present: dict[int, int] = {}
    for number, one in enumerate(placed):
        if one.name:
            present[order[one.name]] = number
    lost: dict[int, list[Cell]] = defaultdict(list)
    for place, cell in enumerate(source["cells"]):
        name = grade_id(cell)
        if not _is_locked_code(cell) or place in present or not name:
            continue
        before = max((other for other in present if other < place), default=None)
        position = 0 if before is None else present[before] + 1
        lost[position].append(Cell(name=name, source=source_of(cell)))
    return lost


def _run(one: PlacedCell, original: NotebookCell | None, *, first: bool) -> Iterator[Cell]:
    """What one of the student's code cells runs."""
    if original is None:
        yield Cell(name=f"number {one.number}", source=source_of(one.cell))
    elif is_solution(original):
        yield Cell(name=one.name, source=source_of(one.cell))
    elif _is_locked_code(original):
        if first:
            yield Cell(name=one.name, source=source_of(original))
        if added := _added_imports(source_of(one.cell), source_of(original)):
            yield Cell(name=one.name, source=added)


def _is_locked_code(cell: NotebookCell) -> bool:
    """Whether a cell of the source version runs as it is: no check, demonstration or answer."""
    settings = cell["metadata"].get("nbgrader", {})
    return (
        cell["cell_type"] == "code"
        and not is_solution(cell)
        and not settings.get("grade")
        and _DEMO_TAG not in _tags(cell)
    )


def _added_imports(source: str, original: str) -> str:
    """Imports that a student added to a locked cell, on the lines where they stand."""
    try:
        known = {ast.unparse(statement) for statement in ast.parse(original).body}
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        return ""
    lines = source.splitlines()
    kept = [""] * len(lines)
    for statement in statements:
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and (
            ast.unparse(statement) not in known
        ):
            first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
            kept[first:last] = lines[first:last]
    return "\n".join(kept).rstrip()


def _defined_names(cell: NotebookCell) -> set[str]:
    """Names that a code cell defines at its top level."""
    if cell.get("cell_type") != "code":
        return set()
    try:
        statements = ast.parse(source_of(cell)).body
    except (SyntaxError, ValueError, RecursionError):  # magics, for example
        return {name for match in _DEFINITION.findall(source_of(cell)) for name in match if name}
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
        else:
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return names


def _stripped(cell: NotebookCell) -> str:
    return "\n".join(line.rstrip() for line in source_of(cell).strip().splitlines())
