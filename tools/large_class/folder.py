"""A course folder whose class grows to thousands: what they hand in, and their other marks."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select

from autograder.course import Course, load_course
from autograder.outputs import find_gradebook
from autograder.outputs.gradebook import open_gradebook
from tools import ROOT
from tools.classes.demo import ASSIGNMENT, CLASS, make_class

RECORDED = "recorded.json"


def record_grades(folder: Path) -> None:
    """Grade the demo's class really, in a folder of its own, and keep its Grades."""
    if (folder / RECORDED).exists():
        return
    with tempfile.TemporaryDirectory() as place:
        make_class(Path(place), [ASSIGNMENT])
        command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--json", RECORDED]
        subprocess.run(command, cwd=place, check=True, capture_output=True)
        shutil.copy(Path(place, RECORDED), folder)


def hand_in(folder: Path, size: int) -> None:
    """Let students hand in the answers of the demo's class, each with a line of their own."""
    for number in range(1, size + 1):
        place = folder / "submitted" / f"s{number:05}" / ASSIGNMENT
        if place.exists():
            continue
        place.mkdir(parents=True)
        answers = list(CLASS[ASSIGNMENT].values())
        corpus = ROOT / "solutions" / ASSIGNMENT / "grading" / "corpus"
        notebook = json.loads((corpus / f"{answers[number % len(answers)]}.ipynb").read_text())
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = [*cell["source"], f"\nOWN_NUMBER = {number}"]
                break
        (place / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))


def fill_other_assignments(folder: Path, size: int) -> None:
    """Put everybody's rows for the other assignments into the gradebook, past nbgrader's API."""
    course = load_course(folder)
    location = find_gradebook(course)
    with open_gradebook(location.database, location.course_id) as gradebook:
        session = gradebook.db()
        known = set(session.scalars(select(api.Student.id)))
        students = [s for n in range(1, size + 1) if (s := f"s{n:05}") not in known]
        rows = _students_rows(course, students)
        if not known:
            rows = [*_assignments_rows(course, location.course_id), *rows]
        for table, values in rows:
            session.execute(api.Base.metadata.tables[table].insert(), values)
        session.commit()


Rows = list[tuple[str, list[dict[str, Any]]]]
"""Names of nbgrader's tables, with rows."""


def _other_checks(course: Course) -> dict[str, Mapping[str, float]]:
    names = [name for name in course.assignments if name != ASSIGNMENT]
    return {name: course.assignment(name).checks for name in names}


def _assignments_rows(course: Course, course_id: str) -> Rows:
    """What nbgrader has of the other assignments before anybody hands in."""
    others = _other_checks(course)
    cells = [(f"{n}/{c}"[-32:], n, c, p) for n, cs in others.items() for c, p in cs.items()]
    return [
        ("assignment", [{"id": n, "name": n, "course_id": course_id} for n in others]),
        ("notebook", [{"id": n, "name": n, "assignment_id": n} for n in others]),
        (
            "base_cell",
            [{"id": i, "name": c, "notebook_id": n, "type": "GradeCell"} for i, n, c, _ in cells],
        ),
        ("grade_cells", [{"id": i, "max_score": p, "cell_type": "code"} for i, _, _, p in cells]),
    ]


def _students_rows(course: Course, students: Sequence[str]) -> Rows:
    """Rows of students who passed every check of the other assignments."""
    others = _other_checks(course)
    pairs = [(name, student, f"{student}/{name}"[:32]) for name in others for student in students]
    return [
        ("student", [{"id": student} for student in students]),
        (
            "submitted_assignment",
            [{"id": i, "assignment_id": n, "student_id": s} for n, s, i in pairs],
        ),
        (
            "submitted_notebook",
            [{"id": i, "assignment_id": i, "notebook_id": n} for n, _, i in pairs],
        ),
        (
            "grade",
            [
                {
                    "id": secrets.token_hex(16),
                    "cell_id": f"{name}/{check}"[-32:],
                    "notebook_id": id_,
                    "auto_score": points,
                    "needs_manual_grade": False,
                }
                for name, _, id_ in pairs
                for check, points in others[name].items()
            ],
        ),
    ]
