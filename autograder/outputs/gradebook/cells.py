"""A notebook's cells in nbgrader's gradebook, by the rules of its SaveCells preprocessor."""

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
from autograder.submissions import Notebook

Key = tuple[Any, str]
"""A row's class and the cell's name, which together are unique in a notebook."""

_ANY_CELL = with_polymorphic(api.BaseCell, "*")


@dataclasses.dataclass(frozen=True)
class NotebookCells:
    """What nbgrader stores of an assignment's notebook.

    Attributes:
        kernelspec: JSON text of the notebook's kernel.
        solution_cells: Ids of the solution cells, in the notebook's order.
        answers: For each check, the solution cell that its comments belong to.
        written: Points of answers that a person grades, by id; a subset of `solution_cells`.
        sources: Attributes of each source cell, by id, in the notebook's order.
    """

    kernelspec: str
    solution_cells: tuple[str, ...]
    answers: Mapping[str, str]
    written: Mapping[str, float]
    sources: Mapping[str, Mapping[str, Any]]


def notebook_cells(
    release: Notebook | None, solution_cells: Sequence[str], assignment: Assignment
) -> NotebookCells:
    """Collect what nbgrader stores of a notebook.

    Args:
        release: The release version as an nbformat-4 notebook, if there is one.
        solution_cells: Ids of the solution cells, in the notebook's order.
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
        written={
            cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
            for cell in cells
            if utils.is_grade(cell) and utils.is_solution(cell)
        },
        sources={
            cell.metadata.nbgrader.grade_id: _source(cell) for cell in cells if _is_stored(cell)
        },
    )


def _is_stored(cell: Any) -> bool:
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
    """The nearest solution cell before each check's graded cell; the last one if unknown."""
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

    As in nbgrader, points may change at any time, but cells may be added and removed only while no
    submission is recorded. Sources that nbgrader stored stay, because they may have hidden tests.

    Args:
        session: An open transaction.
        notebook: nbgrader's row for the notebook.
        cells: What the notebook holds.
        assignment: The assignment, for its rubric.

    Returns:
        The id of each cell's row, by the row's class and the cell's name.

    Raises:
        GradebookError: If cells would be added or removed although submissions are recorded.
    """
    rows = {(type(row), row.name): row for row in _rows(session, _ANY_CELL, notebook)}
    # Task cells are not checks: nbgrader made them, and a person grades them.
    manual = {(api.TaskCell, name) for kind, name in rows if kind is api.TaskCell}
    manual |= {(api.GradeCell, name) for name in cells.solution_cells} & rows.keys()
    ours = [(api.SolutionCell, name) for name in cells.solution_cells]
    ours += [(api.GradeCell, name) for name in (*assignment.checks, *cells.written)]
    removed, added = rows.keys() - manual - set(ours), [key for key in ours if key not in rows]
    if (removed or added) and _has_submissions(session, notebook):
        raise _changed_cells_error(notebook.name, removed, added)
    for key in removed:
        session.delete(rows.pop(key))
    rows |= {(kind, name): kind(name=name, notebook_id=notebook.id) for kind, name in added}
    for name, points in assignment.checks.items():
        rows[api.GradeCell, name].max_score = points
        rows[api.GradeCell, name].cell_type = "code"
    for name, points in cells.written.items():
        rows[api.GradeCell, name].max_score = points
        rows[api.GradeCell, name].cell_type = cells.sources[name]["cell_type"]
    session.add_all(rows.values())
    _save_sources(session, notebook, cells, {name for _, name in removed} - {n for _, n in rows})
    session.flush()
    return {key: row.id for key, row in rows.items()}


def _save_sources(session: Session, notebook: Any, cells: NotebookCells, removed: set[str]) -> None:
    rows = {row.name: row for row in _rows(session, api.SourceCell, notebook)}
    for name in removed & rows.keys():
        session.delete(rows[name])
    for name, source in cells.sources.items():
        if name not in rows:
            session.add(api.SourceCell(name=name, notebook_id=notebook.id, **source))


def _rows(session: Session, kind: Any, notebook: Any) -> Sequence[Any]:
    return session.scalars(select(kind).where(kind.notebook_id == notebook.id)).all()


def _has_submissions(session: Session, notebook: Any) -> bool:
    submitted = api.SubmittedNotebook
    query = select(submitted.id).where(submitted.notebook_id == notebook.id).limit(1)
    return session.scalar(query) is not None


def _changed_cells_error(
    assignment: str, removed: Iterable[Key], added: Iterable[Key]
) -> GradebookError:
    removed_names = ", ".join(sorted({name for _, name in removed})) or "none"
    added_names = ", ".join(sorted({name for _, name in added})) or "none"
    return GradebookError(
        f"{assignment}: the notebook's cells or the checks in course.yml have changed, but the "
        f"gradebook has submissions with the old ones.\nRemoved: {removed_names}. "
        f"Added: {added_names}.",
        "Change the names back; or export the grades, run "
        f"`nbgrader db assignment remove {assignment} --force`, which also deletes its manual "
        "scores, and grade again.",
    )
