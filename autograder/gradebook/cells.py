"""The notebook's cells as nbgrader stores them, by the rules of its SaveCells preprocessor."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import nbformat
from nbgrader import api, utils
from sqlalchemy import select
from sqlalchemy.orm import Session, with_polymorphic

from autograder.course import Assignment
from autograder.errors import GradebookError

Key = tuple[Any, str]
"""The class of a cell's row and the cell's name, which together are unique in a notebook."""

_ANY_CELL = with_polymorphic(api.BaseCell, "*")


@dataclasses.dataclass(frozen=True)
class NotebookCells:
    """What nbgrader keeps of an assignment's notebook.

    Attributes:
        kernelspec: JSON text of the notebook's kernel.
        solution_cells: Ids of the cells with answers, in the notebook's order.
        answers: For each check, the solution cell that it examines.
        sources: Attributes of each source cell, by id, in the notebook's order.
    """

    kernelspec: str
    solution_cells: tuple[str, ...]
    answers: Mapping[str, str]
    sources: Mapping[str, Mapping[str, Any]]


def notebook_cells(
    release: Mapping[str, Any] | None, solution_cells: Sequence[str], assignment: Assignment
) -> NotebookCells:
    """Read off a notebook what nbgrader keeps of it.

    Args:
        release: The release version as an nbformat-4 notebook, if there is one.
        solution_cells: Ids of the cells with answers, in the notebook's order.
        assignment: The assignment, for its checks.

    Returns:
        The cells.
    """
    notebook = nbformat.from_dict(release or {"cells": [], "metadata": {}})
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader")]
    return NotebookCells(
        kernelspec=json.dumps(notebook.metadata.get("kernelspec", {})),
        solution_cells=tuple(solution_cells),
        answers=_answers(cells, solution_cells, assignment),
        sources={
            cell.metadata.nbgrader.grade_id: _source(cell) for cell in cells if _is_kept(cell)
        },
    )


def _is_kept(cell: Any) -> bool:
    kinds = (utils.is_grade, utils.is_solution, utils.is_locked, utils.is_task)
    return any(is_kind(cell) for is_kind in kinds)


def _source(cell: Any) -> dict[str, Any]:
    return {
        "cell_type": cell.cell_type,
        "locked": utils.is_locked(cell),
        "source": "".join(cell.source),
        "checksum": cell.metadata.nbgrader.get("checksum"),
    }


def _answers(
    cells: Sequence[Any], solution_cells: Sequence[str], assignment: Assignment
) -> dict[str, str]:
    """The nearest solution cell before each check's graded cell; the last where none is known."""
    if not solution_cells:
        return {}
    answers = dict.fromkeys(assignment.checks, solution_cells[-1])
    nearest = solution_cells[0]
    for cell in cells:
        name = cell.metadata.nbgrader.grade_id
        if name in solution_cells:
            nearest = name
        if name in answers:
            answers[name] = nearest
    return answers


def save_cells(
    session: Session, notebook: Any, cells: NotebookCells, assignment: Assignment
) -> dict[Key, str]:
    """Bring the gradebook's cells in line with the rubric and the notebook.

    As in nbgrader, points may change at any time, but cells come and go only while no submission
    is recorded. Sources that nbgrader stored are left alone: they may hold hidden tests.

    Args:
        session: An open transaction.
        notebook: nbgrader's row for the notebook.
        cells: What the notebook holds.
        assignment: The assignment, for its rubric.

    Returns:
        The id of each cell's row, by the row's class and the cell's name.

    Raises:
        GradebookError: If cells would come or go although submissions are recorded.
    """
    rows = {(type(row), row.name): row for row in _rows(session, _ANY_CELL, notebook)}
    # Task cells and graded answers are no checks: nbgrader made them, and a person marks them.
    by_hand = {(api.TaskCell, name) for kind, name in rows if kind is api.TaskCell}
    by_hand |= {(api.GradeCell, name) for name in cells.solution_cells} & rows.keys()
    ours = [(api.SolutionCell, name) for name in cells.solution_cells]
    ours += [(api.GradeCell, name) for name in assignment.checks]
    gone, new = rows.keys() - by_hand - set(ours), [key for key in ours if key not in rows]
    if (gone or new) and _is_submitted(session, notebook):
        raise _changed_cells(notebook.name, gone, new)
    for key in gone:
        session.delete(rows.pop(key))
    rows |= {(kind, name): kind(name=name, notebook_id=notebook.id) for kind, name in new}
    for name, points in assignment.checks.items():
        rows[api.GradeCell, name].max_score = points
        rows[api.GradeCell, name].cell_type = "code"
    session.add_all(rows.values())
    _save_sources(session, notebook, cells, {name for _, name in gone} - {n for _, n in rows})
    session.flush()
    return {key: row.id for key, row in rows.items()}


def _save_sources(session: Session, notebook: Any, cells: NotebookCells, gone: set[str]) -> None:
    known = {row.name: row for row in _rows(session, api.SourceCell, notebook)}
    for name in gone & known.keys():
        session.delete(known[name])
    for name, source in cells.sources.items():
        if name not in known:
            session.add(api.SourceCell(name=name, notebook_id=notebook.id, **source))


def _rows(session: Session, kind: Any, notebook: Any) -> Sequence[Any]:
    return session.scalars(select(kind).where(kind.notebook_id == notebook.id)).all()


def _is_submitted(session: Session, notebook: Any) -> bool:
    submitted = api.SubmittedNotebook
    query = select(submitted.id).where(submitted.notebook_id == notebook.id).limit(1)
    return session.scalar(query) is not None


def _changed_cells(assignment: str, gone: Iterable[Key], new: Iterable[Key]) -> GradebookError:
    former = ", ".join(sorted({name for _, name in gone})) or "none"
    present = ", ".join(sorted({name for _, name in new})) or "none"
    return GradebookError(
        f"{assignment}: the notebook's cells or the checks in course.yml have changed, but the "
        f"gradebook holds submissions with the former ones.\nGone: {former}. New: {present}.",
        "Change the names back; or export the grades, run "
        f"`nbgrader db assignment remove {assignment} --force`, which drops its manual scores "
        "too, and grade again.",
    )
