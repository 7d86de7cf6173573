"""Everything that is made from a Grade: the autograded notebook, the report, the gradebook."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

from autograder.autograded import autograded_notebook
from autograder.course import Assignment, Course
from autograder.errors import CourseError, SubmissionError
from autograder.feedback import render_card, render_report, render_text
from autograder.gradebook import GradebookWriter
from autograder.journal import write_atomically
from autograder.results import Grade, Review
from autograder.submissions import Notebook, Submission, grade_id, is_solution, read_notebook
from autograder.submissions.files import read_once
from autograder.submissions.notebooks import source_of

_RECEIPTS = ("timestamp.txt", "submission_secret.txt")
_LONGEST_RECEIPT = 1_000


@dataclasses.dataclass(frozen=True)
class Result:
    """One graded file.

    Attributes:
        grade: Its Grade, which is on disk.
        submission: What was graded, or None if the file could not be read.
        graded: Whether the Grade was made just now.
        folder: The folder that it was handed in in.
    """

    grade: Grade
    submission: Submission | None
    graded: bool
    folder: Path


def notebook_with_verdicts(result: Result, release: Notebook) -> str:
    """The text of the autograded notebook.

    Args:
        result: The graded file.
        release: The release version, which stands for a notebook that could not be read.

    Returns:
        As `autograded.autograded_notebook`.
    """
    merged = release if result.submission is None else result.submission.notebook
    return autograded_notebook(
        merged, result.grade, lambda v: render_card(v, pictures=False), render_text
    )


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
        merged = self._release if submission is None else submission.notebook
        folder = self._course.root / "autograded" / grade.student / grade.assignment
        path = folder / f"{grade.assignment}.ipynb"
        # The gradebook first: after a crash the former notebook still tells what has changed.
        handed_in = None if submission is None else submission.submitted_at
        notices = self._gradebook.record(grade, handed_in, changed=changed_answers(path, merged))
        write_atomically(path, notebook_with_verdicts(result, self._release).encode())
        carry_receipts(result.folder, folder)
        write_report(self._course, self._assignment, grade, self._gradebook.review(grade.student))
        return notices


def write_report(
    course: Course, assignment: Assignment, grade: Grade, review: Review | None
) -> Path:
    """Write a student's report to where nbgrader's `release_feedback` looks for it.

    Args:
        course: The course.
        assignment: The assignment.
        grade: The Grade.
        review: What people added in the gradebook.

    Returns:
        The report's path.
    """
    place = Path(grade.student, assignment.name)
    path = course.root / "feedback" / place / f"{assignment.name}.html"
    report = render_report(grade, title=assignment.title, review=review)
    write_atomically(path, report.encode())
    carry_receipts(course.root / "autograded" / place, path.parent)
    return path


def carry_receipts(source: Path, target: Path) -> None:
    """Copy what nbgrader's exchange knows a submission by; students could have written anything."""
    for name in _RECEIPTS:
        try:
            data = read_once(source / name)
        except SubmissionError:
            continue
        if len(data) <= _LONGEST_RECEIPT and data.isascii():
            write_atomically(target / name, data)


def changed_answers(former: Path, merged: Notebook) -> frozenset[str]:
    """Solution cells whose answer differs from that in the notebook which was graded before."""
    try:
        before = read_notebook(former)
    except CourseError:  # there is none
        return frozenset()
    answers = {grade_id(cell): source_of(cell) for cell in before["cells"] if is_solution(cell)}
    return frozenset(
        grade_id(cell)
        for cell in merged["cells"]
        if is_solution(cell) and answers.get(grade_id(cell), "") != source_of(cell)
    )
