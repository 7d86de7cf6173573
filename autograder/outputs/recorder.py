"""Write everything that is made from a Grade: autograded notebook, report, gradebook."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from typing_extensions import Self

from autograder.course import Assignment, Course
from autograder.errors import CourseError, MachineError, SubmissionError
from autograder.feedback import render_card, render_report, render_text
from autograder.lateness import LatePenalty
from autograder.outputs.autograded_notebook import autograded_notebook
from autograder.outputs.comments import render_comment
from autograder.outputs.gradebook import Attempt, GradebookWriter, PenaltyWriter, find_gradebook
from autograder.outputs.quoted import quoted_in
from autograder.results import Grade, Outcome, Review, write_atomically, write_for_release
from autograder.submissions import (
    Notebook,
    Submission,
    grade_id,
    is_solution,
    read_notebook,
    read_regular_file,
    source_of,
)

_ENDED = (Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT, Outcome.GRADER_ERROR)
_RECEIPTS = ("timestamp.txt", "submission_secret.txt")
_MAX_RECEIPT_BYTES = 1_000


@dataclasses.dataclass(frozen=True)
class GradedFile:
    """One graded file.

    Attributes:
        grade: Its Grade, which is on disk.
        submission: What was graded; None if the file could not be read.
        graded: Whether this run graded it; False if the Grade already existed.
        folder: The folder that the file was submitted in.
        previous: The Grade that this run replaced, if there was one.
    """

    grade: Grade
    submission: Submission | None
    graded: bool
    folder: Path
    previous: Grade | None = None

    @property
    def ran(self) -> bool:
        """Whether it ran; a file that cannot be read does not."""
        return self.grade.sandbox.tier != "none"

    @property
    def ended_early(self) -> bool:
        """Whether the submission, or a part of it, ended before it answered."""
        outcomes = {verdict.outcome for verdict in self.grade.checks}
        return bool(self.grade.endings) or not outcomes.isdisjoint(_ENDED)


@dataclasses.dataclass(frozen=True)
class Recorded:
    """What the gradebook has of a Grade.

    Attributes:
        notices: What recording it kept, such as manual scores.
        late: What lateness cost; None if it is on time.
        review: What people added; None if nothing is recorded.
    """

    notices: tuple[str, ...]
    late: LatePenalty | None
    review: Review | None


def notebook_with_verdicts(file: GradedFile, release: Notebook) -> str:
    """The text of the autograded notebook.

    Args:
        file: The graded file.
        release: The release version, which replaces a notebook that could not be read.

    Returns:
        As `autograded_notebook`.
    """
    return autograded_notebook(
        _merged(file, release), file.grade, lambda v: render_card(v, pictures=False), render_text
    )


def _merged(file: GradedFile, release: Notebook) -> Notebook:
    return release if file.submission is None else file.submission.notebook


class Recorder:
    """Writes what is made from Grades; a context manager, for one thread.

    Args:
        course: The course; everything is written into its folder.
        assignment: The assignment.
        source: The source version.
        release: The release version, which replaces a notebook that could not be read.
    """

    def __init__(
        self, course: Course, assignment: Assignment, source: Notebook, release: Notebook
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._release = release
        solutions = [grade_id(cell) for cell in source["cells"] if is_solution(cell)]
        location = find_gradebook(course)
        self._gradebook = GradebookWriter(
            location.database,
            assignment,
            solutions,
            release=release,
            course_id=location.course_id,
        )
        self._penalties = PenaltyWriter(course, location.database)

    def __enter__(self) -> Self:
        self._gradebook.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._gradebook.__exit__(*exception)

    def complete(self, grades: Sequence[Grade]) -> frozenset[str]:
        """Students of whose Grades everything that is made is still there, and says the same.

        Raises:
            GradebookError: If the gradebook cannot be read.
        """
        written = [grade for grade in grades if all(map(_is_written, self._files(grade)))]
        return self._gradebook.held(written)

    def reviews(self, students: Sequence[str]) -> dict[str, Review | None]:
        """What people added to each student's submission; None if none is recorded.

        Raises:
            GradebookError: If the gradebook cannot be read.
        """
        return self._gradebook.reviews(students)

    def record(self, files: Sequence[GradedFile]) -> list[Recorded]:
        """Write the marks of a few Grades to the gradebook, in one transaction.

        The gradebook comes first: after a crash the autograded notebook of the attempt before still
        shows what has changed, so the same call does the same again.

        Args:
            files: The graded files, one per student.

        Returns:
            For each, what `write_files` needs.

        Raises:
            GradebookError: If the gradebook cannot be written.
        """
        students = [file.grade.student for file in files]
        notices = self._gradebook.record_all([self._attempt(file) for file in files])
        late = self._gradebook.update_late_penalties(self._penalties, students).penalties
        reviews = self._gradebook.reviews(students)
        return [
            Recorded(own, late.get((student, self._assignment.name)), reviews[student])
            for student, own in zip(students, notices, strict=True)
        ]

    def write_files(self, file: GradedFile, recorded: Recorded) -> None:
        """Write the autograded notebook and the report of a Grade that is recorded.

        Raises:
            OSError: If they cannot be written.
        """
        notebook, _ = self._files(file.grade)
        text = notebook_with_verdicts(file, self._release)
        write_atomically(notebook, text.encode(), private=True)
        copy_receipts(file.folder, notebook.parent)
        review, late = recorded.review, recorded.late
        write_report(self._course, self._assignment, file.grade, review, late=late)

    def write(self, file: GradedFile) -> tuple[str, ...]:
        """Write everything for one Grade.

        Args:
            file: The graded file.

        Returns:
            Notices, such as manual scores that were kept.

        Raises:
            GradebookError: If the gradebook cannot be written.
        """
        (recorded,) = self.record([file])
        self.write_files(file, recorded)
        return recorded.notices

    def _files(self, grade: Grade) -> tuple[Path, Path]:
        """The autograded notebook and the report."""
        place = Path(grade.student, grade.assignment)
        return (
            self._course.root / "autograded" / place / f"{grade.assignment}.ipynb",
            self._course.root / "feedback" / place / f"{grade.assignment}.html",
        )

    def _attempt(self, file: GradedFile) -> Attempt:
        notebook, _ = self._files(file.grade)
        merged = _merged(file, self._release)
        return Attempt(
            file.grade,
            None if file.submission is None else file.submission.submitted_at,
            changed=_changed_answers(notebook, merged),
            answered=_differing_answers(self._release, merged),
        )


def write_report(
    course: Course,
    assignment: Assignment,
    grade: Grade,
    review: Review | None,
    *,
    late: LatePenalty | None = None,
    name: str = "",
) -> Path:
    """Write a student's report where nbgrader's `release_feedback` looks for it.

    Args:
        course: The course.
        assignment: The assignment.
        grade: The Grade.
        review: What people added in the gradebook.
        late: What lateness cost; None if it is on time.
        name: The student's name; default: the report has the id alone.

    Returns:
        The report's path.
    """
    place = Path(grade.student, assignment.name)
    path = course.root / "feedback" / place / f"{assignment.name}.html"
    report = render_report(
        grade,
        title=assignment.title,
        name=name,
        review=review,
        late=late,
        render_comment=render_comment,
        quoted=quoted_in(course, grade.student, assignment.name),
    )
    write_for_release(path, report.encode())
    copy_receipts(course.root / "autograded" / place, path.parent)
    return path


def _is_written(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def copy_receipts(source: Path, target: Path) -> None:
    """Copy the files by which nbgrader's exchange identifies a submission; students wrote them."""
    for name in _RECEIPTS:
        try:
            data = read_regular_file(source / name, most_bytes=_MAX_RECEIPT_BYTES)
        except (SubmissionError, MachineError):
            continue
        if data.isascii():
            write_atomically(target / name, data)


def _changed_answers(path: Path, merged: Notebook) -> frozenset[str]:
    """Solution cells whose answer differs from the one in the previous autograded notebook."""
    try:
        return _differing_answers(read_notebook(path), merged)
    except CourseError:  # there is none
        return frozenset()


def _differing_answers(other: Notebook, merged: Notebook) -> frozenset[str]:
    answers = {grade_id(cell): source_of(cell) for cell in other["cells"] if is_solution(cell)}
    return frozenset(
        grade_id(cell)
        for cell in merged["cells"]
        if is_solution(cell) and answers.get(grade_id(cell), "") != source_of(cell)
    )
