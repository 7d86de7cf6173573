"""Everything that is made from a Grade: the autograded notebook, the report, the gradebook."""

from __future__ import annotations

import dataclasses
from types import TracebackType

from typing_extensions import Self

from autograder.autograded import autograded_notebook
from autograder.course import Assignment, Course
from autograder.feedback import render_card, render_report, render_text
from autograder.gradebook import GradebookWriter
from autograder.journal import write_atomically
from autograder.results import Grade
from autograder.submissions import Notebook, Submission, grade_id, is_solution


@dataclasses.dataclass(frozen=True)
class Result:
    """One graded file.

    Attributes:
        grade: Its Grade, which is on disk.
        submission: What was graded, or None if the file could not be read.
        graded: Whether the Grade was made just now.
    """

    grade: Grade
    submission: Submission | None
    graded: bool


class Recorder:
    """Writes what is made from Grades; a context manager, for one thread.

    Args:
        course: The course, whose folder is written into.
        assignment: The assignment.
        source: The source version.
        release: The release version, which stands for a notebook that could not be read.
    """

    def __init__(
        self, course: Course, assignment: Assignment, source: Notebook, release: Notebook
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._release = release
        solutions = [grade_id(cell) for cell in source["cells"] if is_solution(cell)]
        self._gradebook = GradebookWriter(course.gradebook, assignment, solutions, release=release)

    def __enter__(self) -> Self:
        self._gradebook.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gradebook.__exit__(kind, error, trace)

    def __call__(self, result: Result) -> tuple[str, ...]:
        """Write everything for one Grade.

        Args:
            result: The graded file.

        Returns:
            Notices, such as manual scores that were kept.

        Raises:
            GradebookError: If the gradebook cannot be written.
        """
        grade, submission = result.grade, result.submission
        place = (grade.student, grade.assignment)
        root, name = self._course.root, grade.assignment
        merged = self._release if submission is None else submission.notebook
        notebook = autograded_notebook(
            merged, grade, lambda v: render_card(v, pictures=False), render_text
        )
        write_atomically(root.joinpath("autograded", *place, f"{name}.ipynb"), notebook.encode())
        report = render_report(grade, title=self._assignment.title)
        write_atomically(root.joinpath("feedback", *place, f"{name}.html"), report.encode())
        handed_in = None if submission is None else submission.submitted_at
        return self._gradebook.record(grade, handed_in)
