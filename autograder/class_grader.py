"""What grades one file of a class after another, as it was asked to."""

from __future__ import annotations

import dataclasses
import os
import threading
from contextlib import ExitStack
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import CourseError, SubmissionError
from autograder.grading.grade import Grader, course_digest, unreadable
from autograder.grading.proof import fastest_proved
from autograder.grading.start import start_grader
from autograder.journal import Journal
from autograder.recording import Result
from autograder.submissions import (
    Notebook,
    Submission,
    SubmittedFile,
    grade_id,
    is_solution,
    points,
    read_notebook,
    read_submission,
)

WORTH_A_PROOF = 4
"""Submissions from which on the fast way of training saves more time than its proof takes."""


@dataclasses.dataclass(frozen=True)
class Options:
    """How to grade.

    Attributes:
        submitted: The folder of the class.
        students: Ids to grade; empty grades all.
        workers: Submissions at a time.
        force: Grade again what is graded already.
        unsafe: Build no walls.
        practice_seeds: Train with the seeds that students know; the marks are kept nowhere.
    """

    submitted: Path
    students: tuple[str, ...] = ()
    workers: int = dataclasses.field(default_factory=lambda: max(1, os.cpu_count() or 1))
    force: bool = False
    unsafe: bool = False
    practice_seeds: bool = False


class ClassGrader:
    """What grades a class's files one by one; threads may share it.

    Args:
        course: The course.
        assignment: The assignment.
        options: How to grade.
        stack: What ends the warm process, which starts when the first file needs it.
        size: How many files there are, at a guess; a few are not worth a proof.

    Attributes:
        source: The source version.
        release: The release version.
        journal: The Grades on disk.

    Raises:
        CourseError: If the notebooks are missing, or have other checks than `course.yml`.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        options: Options,
        stack: ExitStack,
        *,
        size: int,
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._options = options
        self._stack = stack
        self._size = size
        self._lock = threading.Lock()
        self._made: Grader | None = None
        self.source = read_notebook(course.source_notebook(assignment.name))
        self.release = read_notebook(course.release_notebook(assignment.name))
        _insist_on_same_checks(self.source, assignment)
        self.journal = Journal(course.root / "grades" / assignment.name)
        self._digest = course_digest(course, assignment)

    def grade(self, file: SubmittedFile) -> Result:
        """Grade one file, unless its Grade stands; a mark is on disk when this returns."""
        try:
            submission = read_submission(file, self.source, self.release)
        except SubmissionError as error:
            grade = unreadable(self._assignment, file.student, error, self._digest)
            return self._kept(Result(grade, None, graded=True, folder=file.path.parent))
        if not (self._options.force or self._options.practice_seeds):
            standing = self.journal.finished(file.student, submission.sha256, self._digest)
            if standing is not None:
                return Result(standing, submission, graded=False, folder=file.path.parent)
        grade = self._grader().grade(submission)
        return self._kept(Result(grade, submission, graded=True, folder=file.path.parent))

    def _kept(self, result: Result) -> Result:
        if not self._options.practice_seeds:
            self.journal.write(result.grade)
        return result

    def _grader(self) -> Grader:
        """Start TensorFlow when the first submission needs it."""
        with self._lock:
            if self._made is None:
                self._made = start_grader(
                    self._course,
                    self._assignment,
                    self._stack,
                    unsafe=self._options.unsafe,
                    practice_seeds=self._options.practice_seeds,
                )
                if self._size >= WORTH_A_PROOF:
                    self._made = fastest_proved(self._made, self._reference())
            return self._made

    def _reference(self) -> Submission:
        """The course's own solution, as a submission."""
        file = SubmittedFile("solution", self._course.source_notebook(self._assignment.name))
        return read_submission(file, self.source, self.release)


def _insist_on_same_checks(source: Notebook, assignment: Assignment) -> None:
    """The source version's graded cells and points must be the rubric's.

    Answers that a person marks are graded cells too, and nbgrader's own affair.
    """
    cells = {
        grade_id(cell): points(cell)
        for cell in source["cells"]
        if points(cell) is not None and not is_solution(cell)
    }
    if cells != dict(assignment.checks):
        differ = sorted(
            name
            for name in cells.keys() | assignment.checks.keys()
            if cells.get(name) != assignment.checks.get(name)
        )
        raise CourseError(
            f"The graded cells of {assignment.name}'s source version and course.yml differ in: "
            f"{', '.join(differ)}.",
            "Give each check one graded cell whose nbgrader id is its name, with the same points.",
        )
