"""A course folder with a class that is graded and recorded, for those who mark it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from courses import NAME, ROOT
from gradebooks import GradebookFolder
from grades import make_rubric_grade

from autograder.course import Course, load_course
from autograder.grading import GradeStore
from autograder.results import Grade, Outcome
from autograder.submissions import grade_id, is_solution, read_notebook

COMMENTS = """\
never-fits:
  text: "`train_model` has to *call* `model.fit`."
  assignment: 01-first-training
  check: loss_goes_down
compile-first:
  text: Compile the model before you train it.
  cause: compile_model
praise:
  text: Well done.
"""
FAILED: Mapping[str, tuple[str, ...]] = {
    "ada": ("loss_goes_down",),
    "bob": ("loss_goes_down", "accuracy_passes"),
    "cem": (),
}
"""The checks that failed, by student."""


class MarkedClass(GradebookFolder):
    """A course folder with three Grades, in `grades/` and in the gradebook.

    Attributes:
        course: The course.
        grades: The Grades, by student.

    Args:
        root: An empty folder.
        failed: The checks that failed, by student.
    """

    def __init__(self, root: Path, failed: Mapping[str, tuple[str, ...]] = FAILED) -> None:
        super().__init__(root)
        shutil.copy(ROOT / "course.yml", root)
        release = root / "assignments" / NAME / f"{NAME}.ipynb"
        release.parent.mkdir(parents=True)
        shutil.copy(ROOT / "assignments" / NAME / f"{NAME}.ipynb", release)
        self.write_comments(COMMENTS)
        self.course: Course = load_course(root)
        self.grades = {student: self._grade(student, names) for student, names in failed.items()}
        store = GradeStore(root / "grades" / NAME)
        for grade in self.grades.values():
            store.write(grade)
        cells = [grade_id(cell) for cell in read_notebook(release)["cells"] if is_solution(cell)]
        self.record(
            *self.grades.values(),
            assignment=self.course.assignment(NAME),
            solution_cells=cells,
            release=read_notebook(release),
        )

    def write_comments(self, text: str) -> None:
        """Write comments.yml."""
        (self.root / "comments.yml").write_text(text, "utf-8")

    def comment(self, student: str, cell: str = "train_model") -> str | None:
        """The comment that a person wrote under a cell, as nbgrader has it."""
        with self.nbgrader() as gradebook:
            row = gradebook.find_comment(cell, NAME, NAME, student)
            words: str | None = row.manual_comment
            return words

    def _grade(self, student: str, failed: tuple[str, ...]) -> Grade:
        outcomes = dict.fromkeys(failed, Outcome.FAILED)
        grade = make_rubric_grade(self.course.assignment(NAME).checks, outcomes, student=student)
        checks = tuple(
            verdict.model_copy(update={"about": "train_model"})
            if verdict.name == "loss_goes_down"
            else verdict
            for verdict in grade.checks
        )
        return grade.model_copy(update={"checks": checks})
