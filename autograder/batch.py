"""Grade a class: two submissions at a time, every finished Grade safe on disk at once."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack

from autograder.class_grader import ClassGrader, Options
from autograder.course import Assignment, Course
from autograder.errors import SubmissionError
from autograder.journal import sweep
from autograder.recording import Recorder, Result
from autograder.results import Grade
from autograder.submissions import SubmittedFile, find_submissions


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
