"""A grader that skips what is already graded, and stores every Grade."""

from __future__ import annotations

import dataclasses
import os
import threading
from contextlib import ExitStack
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import CourseError, SubmissionError
from autograder.grading.fast_path import fast_if_identical
from autograder.grading.grade_store import GradeStore
from autograder.grading.grader import Grader, grade_unreadable
from autograder.grading.provenance import grading_digest
from autograder.grading.session import select_seeds, start_grader
from autograder.outputs import GradedFile
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

MIN_SUBMISSIONS_FOR_PROOF = 4
"""From this number of submissions on, fast training saves more time than its proof takes."""


@dataclasses.dataclass(frozen=True)
class Options:
    """How to grade.

    Attributes:
        submitted: The folder of submissions; default: `submitted/` in the course folder.
        students: Ids to grade; empty grades all.
        workers: Submissions at a time; default: one per core.
        force: Grade again what is already graded.
        unsafe: Run without a sandbox.
        practice_seeds: Train with the seeds that students know; record nothing.
        links: Folders that links among the submissions may lead to, such as the students' homes.
    """

    submitted: Path | None = None
    students: tuple[str, ...] = ()
    workers: int = dataclasses.field(default_factory=lambda: max(1, os.cpu_count() or 1))
    force: bool = False
    unsafe: bool = False
    practice_seeds: bool = False
    links: tuple[Path, ...] = ()


class IncrementalGrader:
    """Grades a class's files one by one; threads may share it.

    Args:
        course: The course.
        assignment: The assignment.
        options: How to grade.
        stack: Ends the fork server, which starts when the first file needs it.
        size: The approximate number of files; fast training is proved only for enough of them.

    Attributes:
        source: The source version.
        release: The release version.
        store: The Grades on disk.

    Raises:
        CourseError: If a notebook is missing, or its checks differ from `course.yml`.
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
        self._running: Grader | None = None
        self.source = read_notebook(course.source_notebook(assignment.name))
        self.release = read_notebook(course.release_notebook(assignment.name))
        _require_same_checks(self.source, assignment)
        self.store = GradeStore(course.root / "grades" / assignment.name)
        seeds = select_seeds(course, assignment, practice_seeds=options.practice_seeds)
        self._digest = grading_digest(course, assignment, seeds)

    def grade(self, file: SubmittedFile) -> GradedFile:
        """Grade one file, unless it is already graded; its Grade is on disk when this returns."""
        folder = file.path.parent
        try:
            submission = read_submission(file, self.source, self.release)
        except SubmissionError as error:
            grade = grade_unreadable(self._assignment, file.student, error, self._digest)
            return self._store(GradedFile(grade, None, graded=True, folder=folder))
        if not (self._options.force or self._options.practice_seeds):
            finished = self.store.finished(file.student, submission.sha256, self._digest)
            if finished is not None:
                return GradedFile(finished, submission, graded=False, folder=folder)
        grade = self._grader().grade(submission)
        return self._store(GradedFile(grade, submission, graded=True, folder=folder))

    def _store(self, file: GradedFile) -> GradedFile:
        if not self._options.practice_seeds:
            self.store.write(file.grade)
        return file

    def _grader(self) -> Grader:
        """The running grader; starts it for the first submission."""
        with self._lock:
            if self._running is None:
                self._running = start_grader(
                    self._course,
                    self._assignment,
                    self._stack,
                    unsafe=self._options.unsafe,
                    practice_seeds=self._options.practice_seeds,
                )
                if self._size >= MIN_SUBMISSIONS_FOR_PROOF:
                    self._running = fast_if_identical(self._running, self._reference())
            return self._running

    def _reference(self) -> Submission:
        """The course's own solution, as a submission."""
        file = SubmittedFile("solution", self._course.source_notebook(self._assignment.name))
        return read_submission(file, self.source, self.release)


def _require_same_checks(source: Notebook, assignment: Assignment) -> None:
    """Raise unless the source version's graded cells and points are the rubric's.

    Answers that a person grades are graded cells too; they are left to nbgrader.
    """
    cells = {
        grade_id(cell): points(cell)
        for cell in source["cells"]
        if points(cell) is not None and not is_solution(cell)
    }
    if cells != dict(assignment.checks):
        different = sorted(
            name
            for name in cells.keys() | assignment.checks.keys()
            if cells.get(name) != assignment.checks.get(name)
        )
        raise CourseError(
            f"The graded cells of {assignment.name}'s source version and course.yml differ in: "
            f"{', '.join(different)}.",
            "Give each check one graded cell with its name as the nbgrader id, and its points.",
        )
