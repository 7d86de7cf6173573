"""Grade a class: several submissions at a time, and each finished Grade on disk at once."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from autograder.course import Assignment, Course, load_course
from autograder.errors import AutograderError, SubmissionError
from autograder.grading.duplicates import Duplicates
from autograder.grading.in_parallel import InParallel, in_batches
from autograder.grading.incremental import (
    MIN_SUBMISSIONS_FOR_PROOF,
    IncrementalGrader,
    Options,
)
from autograder.grading.late_work import update_late_work
from autograder.grading.recording import OutputUpdater
from autograder.grading.retries import Tell, with_retries
from autograder.grading.session import LocalSession
from autograder.outputs import GradedFile, Recorder
from autograder.results import Grade, delete_partial_files
from autograder.submissions import SubmittedFile, find_submissions

_MOST_WAITING = 3
"""From so many submissions on that end early in a row, it may be the machine that ends them."""


@dataclasses.dataclass(frozen=True)
class Progress:
    """One finished submission of a batch.

    Attributes:
        grade: Its Grade, which is on disk.
        graded: Whether this run graded it; False if the Grade already existed.
        notices: What recording it kept, such as manual scores.
        recorded: Whether everything that is made from the Grade is there; if not, the next run
            tries again.
        renamed: Whether its file has another name than expected.
        previous: The Grade that this run replaced, if there was one.
        done: Submissions finished so far.
        total: Submissions in the batch.
    """

    grade: Grade
    graded: bool
    notices: tuple[str, ...]
    recorded: bool
    renamed: bool
    done: int
    total: int
    previous: Grade | None = None

    @property
    def fell(self) -> bool:
        """Whether it has fewer points than the Grade that it replaced."""
        old = None if self.previous is None else self.previous.score
        return old is not None and self.grade.score is not None and self.grade.score < old


def _warn(error: SubmissionError) -> None:
    warnings.warn(f"{error.message} {error.tip}", stacklevel=2)


def _warn_of(notice: str) -> None:
    warnings.warn(notice, stacklevel=2)


def _submitted(course: Course, options: Options) -> Path:
    return options.submitted or course.root / "submitted"


def assignments_with_submissions(course: Course, options: Options) -> list[str]:
    """Assignments with submissions, in the order of the course.

    Raises:
        SubmissionError: If there are none.
    """
    names = [
        name
        for name in course.assignments
        if find_submissions(_submitted(course, options), name, options.students)
    ]
    if not names:
        raise SubmissionError(
            f"{_submitted(course, options)} contains no submission of any assignment.",
            "A submission is STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.",
        )
    return names


def grade(
    course: Course | Path | str,
    assignment: str,
    options: Options = Options(),  # noqa: B008 - it is frozen
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_refused: Callable[[SubmissionError], None] = _warn,
    on_notice: Callable[[str], None] = _warn_of,
) -> list[Grade]:
    """Grade every submission of an assignment, and record the Grades.

    What is already graded is not graded again. A Grade is on disk, in `grades/`, before
    `on_progress` is called with it.

    Args:
        course: From `load_course`, or the folder of the course.
        assignment: The assignment's name, such as "01-first-training".
        options: How to grade.
        on_progress: Called after each submission.
        on_refused: Called for everything in the folder of submissions that is not graded; default:
            a warning.
        on_notice: Called with what is worth knowing about the run, as sentences: what it waits for,
            what could not be recorded, whose code is the same; default: a warning.

    Returns:
        The Grades, sorted by student.

    Raises:
        AutograderError: If the course, the folder of submissions, the sandbox or the gradebook is
            unusable.
        KeyboardInterrupt: On Ctrl-C; finished Grades are kept.
    """
    grades: list[Grade] = []

    def keep(progress: Progress) -> None:
        grades.append(progress.grade)
        on_progress(progress)

    grade_each(course, assignment, options, keep, on_refused, on_notice)
    return sorted(grades, key=lambda grade: grade.student)


def grade_each(
    course: Course | Path | str,
    assignment: str,
    options: Options,
    on_progress: Callable[[Progress], None],
    on_refused: Callable[[SubmissionError], None] = _warn,
    on_notice: Callable[[str], None] = _warn_of,
    session: LocalSession | None = None,
) -> None:
    """As `grade`, for a class whose Grades do not fit into memory: `on_progress` gets each once.

    Args:
        course: As in `grade`, like everything else.
        assignment: The assignment's name.
        options: How to grade.
        on_progress: Called after each submission, in the order in which they finish.
        on_refused: Called for everything that is not graded.
        on_notice: Called with what is worth knowing about the run.
        session: What it shares with the other assignments of a command; default: nothing.

    Raises:
        AutograderError: As in `grade`.
        KeyboardInterrupt: On Ctrl-C; finished Grades are kept.
    """
    if not isinstance(course, Course):
        course = load_course(Path(course))
    rubric = course.assignment(assignment)
    files = class_files(course, rubric, options, on_refused)
    renamed = {file.student for file in files if file.renamed}
    for name in ("grades", "autograded", "feedback"):
        delete_partial_files(course.root / name)
    own = session is None
    session = session or LocalSession(
        course, [rubric], unsafe=options.unsafe, workers=options.workers
    )
    workers = session.workers(on_notice)
    with ThreadPoolExecutor(workers) as pool, ExitStack() as stack:
        stack.push(functools.partial(_end_runs, session, always=own))
        grader = IncrementalGrader(
            course,
            rubric,
            options,
            stack,
            size=len(files),
            on_notice=on_notice,
            session=session,
            served=len(files) < MIN_SUBMISSIONS_FOR_PROOF,  # more of them keep all cores busy
        )
        outputs = None
        if not options.practice_seeds:
            recorder = Recorder(course, rubric, grader.source, grader.release)
            with_retries(lambda: stack.enter_context(recorder), on_notice)
            outputs = OutputUpdater(recorder, grader.store, grader.history, on_notice)
        duplicates = Duplicates(grader.release)
        done = itertools.count(1)
        for some in graded_batches(grader, pool, files, workers):
            told = [()] * len(some) if outputs is None else outputs.update(some)
            for file, notices in zip(some, told, strict=True):
                duplicates.add(file)
                on_progress(
                    Progress(
                        grade=file.grade,
                        graded=file.graded,
                        notices=notices,
                        recorded=outputs is None or file.grade.student not in outputs.missing,
                        renamed=file.grade.student in renamed,
                        done=next(done),
                        total=len(files),
                        previous=file.previous,
                    )
                )
        if outputs is not None:
            submitted = _submitted(course, options)
            _update_late_work(course, rubric.name, submitted, outputs, on_notice)
    for notice in duplicates.notices():
        on_notice(notice)


def _end_runs(session: LocalSession, kind: object, *_error: object, always: bool) -> None:
    """End what still runs if an assignment ends early, such as by Ctrl-C."""
    if always or kind is not None:
        session.close()


def _update_late_work(
    course: Course, assignment: str, submitted: Path, outputs: OutputUpdater, tell: Tell
) -> None:
    """Bring late penalties up to date, those of Grades that already existed too."""
    try:
        with_retries(lambda: update_late_work(course, [assignment], tell, submitted), tell)
    except AutograderError:
        if not outputs.missing:  # then the same trouble has been told already
            raise


def private_folders(course: Course) -> tuple[Path, ...]:
    """Folders and files of a course that are nobody's submission."""
    return course.root / "solutions", course.key_file, course.root / "autograded"


def class_files(
    course: Course,
    assignment: Assignment,
    options: Options,
    on_refused: Callable[[SubmissionError], None],
) -> list[SubmittedFile]:
    """The files of a class, one per student.

    Args:
        course: The course.
        assignment: The assignment.
        options: Which students, and where their submissions are.
        on_refused: As in `grade`.

    Raises:
        SubmissionError: If there are none.
    """
    submitted = _submitted(course, options)
    files = find_submissions(
        submitted,
        assignment.name,
        options.students,
        on_refused,
        links=options.links,
        private=private_folders(course),
    )
    if not files:
        raise SubmissionError(
            f"{submitted} contains no submission of {assignment.name}.",
            f"A submission is STUDENT/{assignment.name}/{assignment.name}.ipynb.",
        )
    return files


def graded_files(
    grader: IncrementalGrader,
    pool: ThreadPoolExecutor,
    files: Sequence[SubmittedFile],
    workers: int,
) -> Iterator[GradedFile]:
    """Grade a class, several files at a time.

    Yields:
        The graded files as they finish; their Grades are on disk.

    Raises:
        SandboxUnavailableError: If submissions may use less here than the course allows.
        UnfitMachineError: If the course's own solution does not get full marks here.
    """
    grader.require_limits()
    with InParallel(pool, grader.grade, files, workers) as finished:
        yield from _confirmed(finished, grader)


def graded_batches(
    grader: IncrementalGrader,
    pool: ThreadPoolExecutor,
    files: Sequence[SubmittedFile],
    workers: int,
) -> Iterator[list[GradedFile]]:
    """As `graded_files`, but those that finish at about the same time are yielded together."""
    grader.require_limits()
    with InParallel(pool, grader.grade, files, workers) as finished:
        yield from in_batches(_confirmed(finished, grader), finished.has_another_within)


def _confirmed(files: Iterator[GradedFile], grader: IncrementalGrader) -> Iterator[GradedFile]:
    """Graded files; those that ended early only once it is known that the machine is fit.

    It is if another submission ran to its end meanwhile, or the course's own solution does.

    Raises:
        UnfitMachineError: If the solution does not get full marks. The Grades that wait are lost.
    """
    waiting: list[GradedFile] = []
    for file in files:
        if file.graded and file.ended_early:
            waiting.append(file)
            if len(waiting) < _MOST_WAITING:
                continue
            grader.require_fit_machine()
        elif not (file.graded and file.ran):  # it shows nothing about the machine
            yield file
            continue
        yield from _kept(waiting, grader)
        if not file.ended_early:
            yield file
    if waiting:
        grader.require_fit_machine()
        yield from _kept(waiting, grader)


def _kept(waiting: list[GradedFile], grader: IncrementalGrader) -> Iterator[GradedFile]:
    while waiting:
        file = waiting.pop(0)
        grader.keep(file)
        yield file
