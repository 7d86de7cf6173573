"""Make a class of any size from Grades: copies under other ids, with a gradebook and a roster.

python -m tools.classes.copied COURSE STUDENTS FOLDER

COURSE is a course folder with Grades, such as one with the corpora's submissions. Every 23rd
student hands in nothing for an assignment. FOLDER then has what `autograder report` reads.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import create_engine

from autograder.collecting import Enrolled
from autograder.course import Course, load_course
from autograder.grading import GradeStore, graded_assignments
from autograder.outputs.gradebook import GradebookWriter, fill_students, find_gradebook
from autograder.results import Grade
from tools import argument_parser

_MISSES = 23
_BATCH = 500


def make_copied_class(source: Path, students: int, folder: Path) -> None:
    """Fill a new folder.

    Args:
        source: A course folder with Grades.
        students: How many.
        folder: Does not exist.
    """
    folder.mkdir(parents=True)
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(source / name, folder)
    for name in ("solutions", "assignments"):
        shutil.copytree(source / name, folder / name, symlinks=True)
    course = load_course(folder)
    location = find_gradebook(course)
    ids = [f"s{number:05}" for number in range(1, students + 1)]
    people = [Enrolled(id_, "First", f"Last {id_}", f"{id_}@example.org") for id_ in ids]
    fill_students(location.database, people, location.course_id)
    for number, name in enumerate(graded_assignments(load_course(source))):
        store = GradeStore(source / "grades" / name)
        grades = [grade for id_ in store.students() if (grade := store.read(id_))]
        copies = list(_copies(grades, ids, number))
        _write_grades(folder, name, copies)
        _record(course, name, copies)


def _copies(grades: list[Grade], ids: list[str], shift: int) -> Iterator[Grade]:
    for number, student in enumerate(ids):
        if (number + 5 * shift) % _MISSES:
            grade = grades[(number * 7 + shift) % len(grades)]
            yield grade.model_copy(update={"student": student})


def _write_grades(folder: Path, name: str, grades: list[Grade]) -> None:
    place = folder / "grades" / name
    place.mkdir(parents=True)
    for grade in grades:  # not by the store, which waits for the disk each time
        (place / f"{grade.student}.json").write_text(grade.model_dump_json(indent=1))


def _record(course: Course, name: str, grades: list[Grade]) -> None:
    """Record one Grade as `autograder grade` does, and copies of its rows for all others."""
    location = find_gradebook(course)
    first, *others = grades
    with GradebookWriter(
        location.database, course.assignment(name), (), course_id=location.course_id
    ) as writer:
        writer.record(first)
    tables: dict[str, Any] = api.Base.metadata.tables
    engine = create_engine(f"sqlite:///{location.database}")
    with engine.begin() as connection:
        submitted, notebook, graded = (
            tables[table] for table in ("submitted_assignment", "submitted_notebook", "grade")
        )
        assignment = tables["assignment"]
        query = submitted.select().join(assignment, submitted.c.assignment_id == assignment.c.id)
        one = connection.execute(query.where(assignment.c.name == name)).mappings().one()
        query = notebook.select().where(notebook.c.assignment_id == one["id"])
        own = connection.execute(query).mappings().one()
        base = tables["base_cell"]
        query = graded.select().add_columns(base.c.name.label("cell"))
        query = query.join(base, base.c.id == graded.c.cell_id)
        cells = connection.execute(query.where(graded.c.notebook_id == own["id"])).mappings().all()
        for start in range(0, len(others), _BATCH):
            rows = [_rows(grade, one, own, cells) for grade in others[start : start + _BATCH]]
            connection.execute(submitted.insert(), [row[0] for row in rows])
            connection.execute(notebook.insert(), [row[1] for row in rows])
            connection.execute(graded.insert(), [cell for row in rows for cell in row[2]])
    engine.dispose()


def _rows(grade: Grade, submitted: Any, notebook: Any, cells: Any) -> tuple[Any, Any, list[Any]]:
    points = {check.name: check.points for check in grade.checks}
    one = {**submitted, "id": uuid.uuid4().hex, "student_id": grade.student}
    own = {**notebook, "id": uuid.uuid4().hex, "assignment_id": one["id"]}
    graded = [
        {
            **{key: value for key, value in cell.items() if key != "cell"},
            "id": uuid.uuid4().hex,
            "notebook_id": own["id"],
            "auto_score": points.get(cell["cell"], cell["auto_score"]),
        }
        for cell in cells
    ]
    return one, own, graded


if __name__ == "__main__":
    parser = argument_parser("tools.classes.copied", __doc__)
    parser.add_argument("course", type=Path, help="a course folder with Grades")
    parser.add_argument("students", type=int, help="how many")
    parser.add_argument("folder", type=Path, help="the new course folder")
    given = parser.parse_args()
    make_copied_class(given.course.absolute(), given.students, given.folder.absolute())
