"""Grade a class: two submissions at a time, every finished Grade safe on disk at once."""

from __future__ import annotations

import dataclasses
import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import CourseError, SubmissionError
from autograder.grading.grade import Grader, course_digest, unreadable
from autograder.grading.proof import fastest_proved
from autograder.grading.scorer import Scorer
from autograder.journal import Journal, sweep
from autograder.recording import Recorder, Result
from autograder.results import Grade
from autograder.sandbox.client import WARM, WarmProcess
from autograder.seeds import course_key, fingerprint, grading_seeds
from autograder.submissions import (
    Notebook,
    Submission,
    SubmittedFile,
    find_submissions,
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


@dataclasses.dataclass(frozen=True)
class Progress:
    """One step of a batch.

    Attributes:
        grade: The Grade that is now on disk.
        graded: Whether it was made just now; False if it stood already.
        notices: What recording it has kept, such as manual scores.
        done: Submissions finished so far.
        total: Submissions in the batch.
    """

    grade: Grade
    graded: bool
    notices: tuple[str, ...]
    done: int
    total: int


def handed_in(course: Course, options: Options) -> list[str]:
    """The assignments that something was handed in for, in the order of the course.

    Raises:
        SubmissionError: If there is none.
    """
    found = [
        name
        for name in course.assignments
        if find_submissions(options.submitted, name, options.students)
    ]
    if not found:
        raise SubmissionError(
            f"{options.submitted} holds no submission of any assignment.",
            "One is looked for at STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.",
        )
    return found


def grade_class(
    course: Course,
    assignment: Assignment,
    options: Options,
    on_progress: Callable[[Progress], None],
    on_refused: Callable[[SubmissionError], None],
) -> list[Grade]:
    """Grade every submission of an assignment.

    Args:
        course: The course.
        assignment: The assignment.
        options: How to grade.
        on_progress: Called after each submission.
        on_refused: Told of each folder whose name is no id, which is not graded.

    Returns:
        The Grades, sorted by student.

    Raises:
        AutograderError: If the course, the class folder, the sandbox or the gradebook is unusable.
        KeyboardInterrupt: On Ctrl-C; what was graded is kept.
    """
    files = find_submissions(options.submitted, assignment.name, options.students, on_refused)
    if not files:
        raise SubmissionError(
            f"{options.submitted} holds no submission of {assignment.name}.",
            f"It is looked for at STUDENT/{assignment.name}/{assignment.name}.ipynb.",
        )
    for name in ("grades", "autograded", "feedback"):
        sweep(course.root / name)
    with ThreadPoolExecutor(options.workers) as pool, ExitStack() as stack:
        grader = ClassGrader(course, assignment, options, stack, size=len(files))
        record = None
        if not options.practice_seeds:
            record = stack.enter_context(
                Recorder(course, assignment, grader.source, grader.release)
            )
        grades = []
        for done, result in enumerate(_in_turn(pool, grader.grade, files, options.workers), 1):
            notices: tuple[str, ...] = ()
            if record and not grader.journal.is_recorded(result.grade):
                notices = record(result)
                grader.journal.mark_recorded(result.grade)
            grades.append(result.grade)
            on_progress(Progress(result.grade, result.graded, notices, done, len(files)))
    return sorted(grades, key=lambda grade: grade.student)


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


def start_grader(
    course: Course,
    assignment: Assignment,
    stack: ExitStack,
    *,
    unsafe: bool = False,
    practice_seeds: bool = False,
    program: Sequence[str] = WARM,
) -> Grader:
    """Start a warm process and a scorer, which end with `stack`.

    Args:
        course: The course.
        assignment: The assignment.
        stack: What ends them.
        unsafe: Build no walls.
        practice_seeds: Train with the seeds that students know, to see what they saw.
        program: As in `WarmProcess`.

    Returns:
        A grader.
    """
    seeds = course.practice_seeds
    if not practice_seeds:
        seeds = grading_seeds(course_key(course.key_file), assignment.name)
    warm = stack.enter_context(WarmProcess(course.preload, unsafe=unsafe, program=program))
    scorer = stack.enter_context(Scorer(warm, course, assignment, seeds))
    return Grader(
        course=course,
        assignment=assignment,
        warm=warm,
        scorer=scorer,
        seeds={
            "kind": "practice" if practice_seeds else "grading",
            "fingerprint": fingerprint(seeds),
        },
        course_sha256=course_digest(course, assignment),
    )


def _in_turn(
    pool: ThreadPoolExecutor,
    work: Callable[[SubmittedFile], Result],
    files: Sequence[SubmittedFile],
    workers: int,
) -> Iterator[Result]:
    """Results as they come; only a few submissions are in memory at a time."""
    waiting = iter(files)
    running = {pool.submit(work, file) for file in itertools.islice(waiting, 2 * workers)}
    try:
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(work, f) for f in itertools.islice(waiting, len(finished))}
            for future in finished:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


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
