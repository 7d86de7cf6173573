"""Read submissions from nbgrader's tables by their keys, so that a large class costs no more each.

nbgrader's tables have no index but those of their unique keys. Whoever asks `grade` or `comment`
for the rows of a submission alone reads the whole table, and so do nbgrader's own sums. Each query
here names the cells too, and then the rows have a key. It needs no index of ours, which an upgrade
of nbgrader's schema would not know.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from nbgrader import api
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, load_only

AT_ONCE = 200
"""So many submissions are read by one query; SQLite and PostgreSQL bound its parameters."""
Item = TypeVar("Item")


@dataclasses.dataclass(frozen=True)
class StoredNotebook:
    """An assignment's notebook.

    Attributes:
        id: Its row.
        assignment_id: The row of its assignment.
        names: Names of its cells, by the id of the row.
        max_scores: Points of those cells that are worth some, by the id of the row.
    """

    id: str
    assignment_id: str
    names: Mapping[str, str]
    max_scores: Mapping[str, float]

    @property
    def max_score(self) -> float:
        """Points that can be earned."""
        return math.fsum(self.max_scores.values())


@dataclasses.dataclass(frozen=True)
class StoredGrade:
    """A graded cell of a submission.

    Attributes:
        name: The cell's name.
        max_score: Points that can be earned.
        auto_score: The automatic score; None if there is none.
        manual_score: The score that a person gave; None if nobody did.
        extra_credit: Points on top; None if there are none.
        needs_manual_grade: Whether nbgrader asks a person to grade it.
    """

    name: str
    max_score: float
    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None
    needs_manual_grade: bool

    @property
    def score(self) -> float:
        """Points as nbgrader counts them.

        Source:
            nbgrader.api.Grade.score.
        """
        score = self.auto_score if self.manual_score is None else self.manual_score
        return 0.0 if score is None else float(score) + float(self.extra_credit or 0)


@dataclasses.dataclass(frozen=True)
class StoredSubmission:
    """A submission.

    Attributes:
        id: The row of its notebook.
        late_penalty: Points off for lateness.
        max_score: Points that can be earned.
        grades: Its graded cells, sorted by name.
        comments: What people wrote, by the name of the cell.
    """

    id: str
    late_penalty: float
    max_score: float
    grades: tuple[StoredGrade, ...]
    comments: Mapping[str, str]

    @property
    def score(self) -> float:
        """Points before the late penalty, as nbgrader adds them up."""
        return math.fsum(grade.score for grade in self.grades)


def find_notebook(session: Session, assignment: str) -> StoredNotebook | None:
    """The notebook of an assignment, in the open transaction; None if none is recorded."""
    return find_notebooks(session, [assignment]).get(assignment)


def find_notebooks(session: Session, assignments: Collection[str]) -> dict[str, StoredNotebook]:
    """The notebooks of assignments, in the open transaction, by the assignment's name."""
    notebook, assignment = api.Notebook, api.Assignment
    query = (
        select(assignment.name, notebook.id, assignment.id)
        .join(assignment, notebook.assignment_id == assignment.id)
        .where(assignment.name.in_(list(assignments)), notebook.name == assignment.name)
    )
    rows = session.execute(query).all()
    stored = _notebooks(session, [(id_, assignment_id) for _, id_, assignment_id in rows])
    return dict(zip((name for name, _, _ in rows), stored, strict=True))


def notebooks_of(session: Session, assignment_id: str) -> list[StoredNotebook]:
    """All notebooks of an assignment, in the open transaction; in nbgrader it may have several."""
    notebook = api.Notebook
    query = select(notebook.id, notebook.assignment_id).order_by(notebook.name)
    rows = session.execute(query.where(notebook.assignment_id == assignment_id))
    return _notebooks(session, [(id_, of) for id_, of in rows])


def _notebooks(session: Session, ids: Sequence[tuple[str, str]]) -> list[StoredNotebook]:
    """Notebooks by their ids and those of their assignments."""
    cells = _cells(session, [id_ for id_, _ in ids])
    return [
        StoredNotebook(
            id=id_,
            assignment_id=assignment_id,
            names={cell: cell_name for cell, of, cell_name, _ in cells if of == id_},
            max_scores={cell: float(p) for cell, of, _, p in cells if of == id_ and p is not None},
        )
        for id_, assignment_id in ids
    ]


def _cells(session: Session, notebooks: Collection[str]) -> Sequence[Any]:
    """Id, notebook, name and points of cells; points are None where there is nothing to earn."""
    tables = api.Base.metadata.tables
    cell, graded, task = tables["base_cell"], tables["grade_cells"], tables["task_cells"]
    points = func.coalesce(graded.c.max_score, task.c.max_score)
    return session.execute(
        select(cell.c.id, cell.c.notebook_id, cell.c.name, points)
        .outerjoin(graded, graded.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .where(cell.c.notebook_id.in_(notebooks))
    ).all()


def find_submissions(
    session: Session, notebook: StoredNotebook, students: Collection[str]
) -> dict[str, StoredSubmission]:
    """Submissions of a notebook in the open transaction, by student.

    Args:
        session: The gradebook's.
        notebook: From `find_notebook`.
        students: Whose; a part of a class, see `parts`.
    """
    assignment, submitted = api.SubmittedAssignment, api.SubmittedNotebook
    penalty = submitted.late_submission_penalty
    rows = session.execute(
        select(assignment.student_id, submitted.id, penalty)
        .join(submitted, submitted.assignment_id == assignment.id)
        .where(
            submitted.notebook_id == notebook.id,
            assignment.assignment_id == notebook.assignment_id,
            assignment.student_id.in_(list(students)),
        )
    ).all()
    ids = [id_ for _, id_, _ in rows]
    grades, comments = find_grades(session, [notebook], ids), _comments(session, notebook, ids)
    return {
        student: StoredSubmission(
            id=id_,
            late_penalty=float(penalty or 0),
            max_score=notebook.max_score,
            grades=grades.get(id_, ()),
            comments=comments.get(id_, {}),
        )
        for student, id_, penalty in rows
    }


def find_grades(
    session: Session, notebooks: Iterable[StoredNotebook], submissions: Collection[str]
) -> dict[str, tuple[StoredGrade, ...]]:
    """The graded cells of submissions, by the id of the submitted notebook.

    Args:
        session: The gradebook's, with an open transaction.
        notebooks: The notebooks that they are submissions of.
        submissions: Ids of submitted notebooks.
    """
    names = {cell: name for notebook in notebooks for cell, name in notebook.names.items()}
    points = {cell: most for notebook in notebooks for cell, most in notebook.max_scores.items()}
    row = api.Grade
    scores = (row.auto_score, row.manual_score, row.extra_credit, row.needs_manual_grade)
    query = select(row.notebook_id, row.cell_id, *scores)
    found: dict[str, list[StoredGrade]] = {}
    for submission, cell, auto, manual, extra, needs in session.execute(
        by_key(query, row, points, submissions)
    ):
        grade = StoredGrade(names[cell], points[cell], auto, manual, extra, bool(needs))
        found.setdefault(submission, []).append(grade)
    return {id_: tuple(sorted(rows, key=lambda grade: grade.name)) for id_, rows in found.items()}


def by_key(
    query: Select[Any], kind: Any, cells: Iterable[str], submissions: Iterable[str]
) -> Select[Any]:
    """A query of grades or comments, by both halves of their key."""
    return query.where(kind.cell_id.in_(list(cells)), kind.notebook_id.in_(list(submissions)))


def own_columns(kind: Any) -> Any:
    """Load the columns of the table alone, without nbgrader's sums, which read other tables."""
    return load_only(*(getattr(kind, column.key) for column in kind.__table__.columns))


def parts(items: Iterable[Item], most: int = AT_ONCE) -> Iterator[list[Item]]:
    """Items in the same order, a few at a time."""
    iterator = iter(items)
    while part := list(itertools.islice(iterator, most)):
        yield part


def _comments(
    session: Session, notebook: StoredNotebook, submissions: Collection[str]
) -> dict[str, dict[str, str]]:
    row = api.Comment
    query = select(row.notebook_id, row.cell_id, row.manual_comment)
    query = by_key(query, row, notebook.names, submissions).where(row.manual_comment.is_not(None))
    found: dict[str, dict[str, str]] = {}
    for submission, cell, text in session.execute(query):
        if words := text.strip():
            found.setdefault(submission, {})[notebook.names[cell]] = words
    return found
