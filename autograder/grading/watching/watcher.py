"""Answer submissions as they arrive, from graders that keep running."""

from __future__ import annotations

import dataclasses
import fcntl
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timezone

from typing_extensions import Self

from autograder.course import Assignment, Course, extended_due_dates, load_course
from autograder.errors import AutograderError, CourseError
from autograder.feedback import render_report
from autograder.grading.batch import grade, graded_files, private_folders
from autograder.grading.incremental import IncrementalGrader, Options
from autograder.grading.retries import Tell
from autograder.grading.session import course_limits
from autograder.grading.watching.answers import AnswerStore, wait_until
from autograder.grading.watching.digests import Digests
from autograder.grading.watching.inbox import PRACTICE, ExchangeInbox, Inbox
from autograder.outputs import GradedFile, copy_receipts
from autograder.results import Grade, write_atomically
from autograder.sandbox import find_capacity
from autograder.submissions import SubmittedFile, find_submissions

PRACTICE_NOTICE = (
    "This is practice feedback on what you handed in, with the seeds of the notebook's own checks. "
    "It is not your mark: that is made with other data and other seeds."
)
_SIZE = 1_000
"""Files that a grader expects: enough that the proof of fast training pays."""
_GRADERS_KEPT = 2
"""Assignments whose graders keep running; each has a process with TensorFlow."""
_MOST_AT_ONCE = 64
"""Submissions that are answered before new ones are collected."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """One submission that was answered.

    Attributes:
        grade: Its Grade.
        is_mark: Whether it is the mark, and recorded; else it is practice.
    """

    grade: Grade
    is_mark: bool


@dataclasses.dataclass
class _RunningGrader:
    """A grader that keeps its fork server."""

    grader: IncrementalGrader
    stack: ExitStack


class Watcher:
    """Answers what arrives; one thread, and one watcher per course folder.

    Practice answers have the practice seeds and are recorded nowhere. With `mark_at_deadline` in
    course.yml, what a student has handed in by the deadline is then graded as `autograder grade`
    does, once.

    Args:
        course: The course.
        assignments: The assignments to watch.
        inbox: Where submissions arrive.
        options: How to grade.
        tell: Called with what a person should know, as sentences.
        clock: The time.

    Use it as a context manager: that ends the graders.
    """

    def __init__(
        self,
        course: Course,
        assignments: Collection[str],
        inbox: Inbox,
        options: Options,
        tell: Tell = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._course = course
        self._assignments = assignments
        self._inbox = inbox
        self._options = options
        self._tell = tell
        self._clock = clock
        self._answers = AnswerStore(course.root / PRACTICE / "answers")
        self._running: dict[str, _RunningGrader] = {}
        self._told: set[str] = set()
        self._digests = Digests()

    def __enter__(self) -> Self:
        """Become the course's watcher.

        Raises:
            CourseError: If another one runs.
        """
        path = self._course.root / PRACTICE / ".lock"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self._lock = path.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise CourseError(
                f"Another `autograder watch` answers in {self._course.root} already.",
                "Stop that one first; one watcher takes several assignments.",
            ) from error
        return self

    def __exit__(self, *_exception: object) -> None:
        self._end_graders()
        self._lock.close()

    def _end_graders(self) -> None:
        while self._running:
            self._running.popitem()[1].stack.close()

    def step(self) -> Iterator[Answer]:
        """Collect, and answer everything that may be answered now.

        Yields:
            The answers; each is on disk and released before it is yielded.

        Raises:
            AutograderError: If nothing can be graded here.
        """
        self._reload()
        for name in self._assignments:
            assignment = self._course.assignment(name)
            try:
                self._inbox.collect(name)
            except AutograderError as error:
                self._tell_once(f"{error.message} {error.tip}")
                continue
            yield from self._practice(assignment)
            if self._course.on_submit.mark_at_deadline:
                yield from self._mark(assignment)

    def _reload(self) -> None:
        """Follow changes of course.yml and extensions.yml; ends graders that grade by old rules."""
        course = load_course(self._course.root)
        if course != self._course:
            self._course = course
            self._end_graders()

    def _practice(self, assignment: Assignment) -> Iterator[Answer]:
        """Answer what is new, with the practice seeds."""
        pending = dict(itertools.islice(self._pending(assignment), _MOST_AT_ONCE))
        if not pending:
            return
        grader, files = self._grader(assignment), [file for file, _ in pending.values()]
        workers = self._options.workers or find_capacity(course_limits(self._course)).workers
        with ThreadPoolExecutor(workers) as pool:
            for graded in graded_files(grader, pool, files, workers):
                student = graded.grade.student
                if graded.grade.score is None:
                    self._tell(
                        f"{student} got no answer for {assignment.name}, because the grader failed."
                        " The next submission is answered."
                    )
                else:
                    self._write_report(assignment, graded)
                answered = self._answers.read(assignment.name, student)
                answered = answered.with_answer(pending[student][1], self._clock())
                self._answers.write(assignment.name, student, answered)
                self._release(assignment.name, student)
                yield Answer(graded.grade, is_mark=False)

    def _pending(self, assignment: Assignment) -> Iterator[tuple[str, tuple[SubmittedFile, str]]]:
        """Students whose newest file is to be answered now, with the file and its digest."""
        limit = self._course.on_submit.practice_per_hour
        for file in self._files(assignment):
            digest = self._digests.of(file.path)
            answered = self._answers.read(assignment.name, file.student)
            if digest == answered.sha256:
                if not answered.released:
                    self._release(assignment.name, file.student)
            elif (waits := wait_until(answered.at, self._clock(), limit)) is not None:
                self._tell_once(
                    f"{file.student} has had {limit} answers in an hour for {assignment.name}; "
                    f"the newest submission is answered at {waits:%H:%M} UTC."
                )
            else:
                yield file.student, (file, digest)

    def _write_report(self, assignment: Assignment, graded: GradedFile) -> None:
        """Write the report of a practice answer."""
        grade = graded.grade
        told = grade.model_copy(update={"notices": (PRACTICE_NOTICE, *grade.notices)})
        folder = self._course.root / PRACTICE / "feedback" / grade.student / assignment.name
        report = render_report(told, title=assignment.title)
        write_atomically(folder / f"{assignment.name}.html", report.encode(), private=True)
        copy_receipts(graded.folder, folder)

    def _release(self, assignment: str, student: str) -> None:
        """Let a student fetch the report; what fails is tried again in the next step."""
        try:
            self._inbox.release(assignment, student)
        except CourseError as error:
            self._tell_once(f"{student}: {error.message}")
            return
        answered = self._answers.read(assignment, student)
        self._answers.write(assignment, student, answered.model_copy(update={"released": True}))

    def _mark(self, assignment: Assignment) -> Iterator[Answer]:
        """Make the marks of students whose deadline has passed, once each."""
        due = [
            file.student
            for file in self._files(assignment)
            if self._is_due(assignment, file.student)
            and not self._answers.read(assignment.name, file.student).marked
        ]
        if not due:
            return
        root = self._course.root
        inbox = self._inbox
        if isinstance(inbox, ExchangeInbox):
            inbox = ExchangeInbox(self._course, root / "submitted", root / "feedback")
            inbox.collect(assignment.name)
        options = dataclasses.replace(
            self._options, submitted=inbox.submitted, students=tuple(due), practice_seeds=False
        )
        grades = grade(
            self._course,
            assignment.name,
            options,
            on_refused=lambda error: self._tell_once(error.message),
            on_notice=self._tell,
        )
        for made in grades:
            if made.score is not None:
                inbox.release(assignment.name, made.student)
                answered = self._answers.read(assignment.name, made.student)
                marked = answered.model_copy(update={"marked": True})
                self._answers.write(assignment.name, made.student, marked)
            yield Answer(made, is_mark=True)

    def _is_due(self, assignment: Assignment, student: str) -> bool:
        """Whether a student's deadline has passed, with extensions of extensions.yml."""
        if assignment.due is None:
            return False
        course = self._course
        extended = extended_due_dates(
            course.extensions, student, assignment.name, assignment.due, course.zone
        )
        return self._clock() >= max((assignment.due, *extended), key=datetime.timestamp)

    def _files(self, assignment: Assignment) -> Sequence[SubmittedFile]:
        return find_submissions(
            self._inbox.submitted,
            assignment.name,
            (),
            lambda error: self._tell_once(f"{error.message} {error.tip}"),
            links=self._options.links,
            private=private_folders(self._course),
        )

    def _grader(self, assignment: Assignment) -> IncrementalGrader:
        """A grader of the assignment with the practice seeds, which keeps running."""
        running = self._running.pop(assignment.name, None)
        while running is None and len(self._running) >= _GRADERS_KEPT:
            self._running.pop(next(iter(self._running))).stack.close()
        if running is None:
            stack = ExitStack()
            options = dataclasses.replace(self._options, practice_seeds=True)
            grader = IncrementalGrader(
                self._course, assignment, options, stack, size=_SIZE, on_notice=self._tell
            )
            running = _RunningGrader(grader, stack)
        self._running[assignment.name] = running  # the last one was used last
        return running.grader

    def _tell_once(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(sentence)
