"""Answer submissions as they arrive, from graders that keep running."""

from __future__ import annotations

import dataclasses
import fcntl
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from typing_extensions import Self

from autograder.course import Assignment, Course, extended_due_dates, load_course
from autograder.errors import AutograderError, CourseError, GradebookError, MachineError
from autograder.feedback import render_report
from autograder.grading.batch import Progress, grade, graded_files
from autograder.grading.incremental import Options
from autograder.grading.retries import Tell, with_retries
from autograder.grading.serving import GradeServer, Turns, package_digest
from autograder.grading.session import course_limits
from autograder.grading.watching.answers import AnswerStore
from autograder.grading.watching.arrivals import Arrivals, Notices
from autograder.grading.watching.graders import RunningGraders
from autograder.grading.watching.inbox import PRACTICE, ExchangeInbox, Inbox
from autograder.outputs import GradedFile, copy_receipts
from autograder.results import Grade, write_for_release
from autograder.sandbox import find_capacity

PRACTICE_NOTICE = (
    "This is practice feedback on what you handed in, with the seeds of the notebook's own checks. "
    "It is not your mark: that is made with other data and other seeds."
)
RETRY_MARK = timedelta(minutes=10)
"""After so long, a mark that the grader failed to make is tried again."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """One submission that was answered.

    Attributes:
        grade: Its Grade.
        is_mark: Whether it is the mark, and recorded; else it is practice.
    """

    grade: Grade
    is_mark: bool


class Watcher:
    """Answers what arrives; one watcher per course folder.

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
        self._workers = options.workers or find_capacity(course_limits(course)).workers
        self._turns = Turns(self._workers)
        self._graders = RunningGraders(course, assignments, options, self._turns, tell)
        self._server: GradeServer | None = None
        self._package = package_digest()
        self._tell_once = Notices(tell)
        self._failed_marks: dict[tuple[str, str], datetime] = {}
        self._arrivals = Arrivals(inbox, self._answers, options.links, clock, self._tell_once)

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
        if self._server is not None:
            self._server.close()
        self._graders.close()
        self._lock.close()

    def serve(self) -> None:
        """Grade for other commands of the same user too, until the watcher ends."""
        try:
            self._server = GradeServer(
                self._course.root, self._graders.lend, self._turns, self._package
            )
        except OSError as error:
            self._tell(
                "Other commands start their own TensorFlow, because this watcher cannot listen: "
                f"{error.strerror or error}."
            )

    def step(self) -> Iterator[Answer]:
        """Collect, and answer everything that may be answered now.

        Yields:
            The answers; each is on disk and released before it is yielded.

        Raises:
            AutograderError: If nothing can be graded here.
            CourseError: If this package was changed on disk since the watcher started.
        """
        self._reload()
        self._arrivals.has_more = self._arrivals.has_partial = False
        for name in self._assignments:
            assignment = self._course.assignment(name)
            try:
                left_out = self._inbox.collect(name)
            except AutograderError as error:
                self._tell_once(f"{error.message} {error.tip}")
                continue
            for sentence in left_out:
                self._tell_once(sentence)
            yield from self._practice(assignment)
            if self._course.on_submit.mark_at_deadline:
                yield from self._mark(assignment)

    @property
    def has_more(self) -> bool:
        """Whether the last step left something that can be answered at once."""
        return self._arrivals.has_more

    @property
    def has_partial(self) -> bool:
        """Whether the last step left a file that may still be written."""
        return self._arrivals.has_partial

    def _reload(self) -> None:
        """Follow changes of course.yml and extensions.yml, unless they are being edited."""
        if package_digest() != self._package:
            raise CourseError(
                "autograder was updated while the watcher runs.",
                "Start it again; what has been answered is not answered twice.",
            )
        try:
            self._course = load_course(self._course.root)
        except CourseError as error:
            self._tell_once(f"{error.message} Until this is fixed, the course stays as it was.")

    def _practice(self, assignment: Assignment) -> Iterator[Answer]:
        """Answer what is new, with the practice seeds."""
        pending = self._arrivals.pending(self._course, assignment)
        if not pending:
            return
        files = [file for file, _ in pending.values()]
        with (
            ThreadPoolExecutor(self._workers) as pool,
            self._graders.lease(self._course, assignment) as grader,
        ):
            for graded in graded_files(grader, pool, files, self._workers):
                if self._answer(assignment, graded, pending[graded.grade.student][1]):
                    yield Answer(graded.grade, is_mark=False)

    def _answer(self, assignment: Assignment, graded: GradedFile, sha256: str) -> bool:
        """Write an answer to disk, and release it; returns whether there is one."""
        student = graded.grade.student
        if graded.grade.score is None:
            self._tell(
                f"{student} got no answer for {assignment.name}, because the grader failed. "
                "The next submission is answered, or this one once the watcher starts again."
            )
            self._arrivals.leave(assignment.name, student, sha256)
            return True
        answered = self._answers.read(assignment.name, student)
        answered = answered.with_answer(sha256, self._clock())
        try:
            with_retries(lambda: self._write_report(assignment, graded), self._tell)
            with_retries(
                lambda: self._answers.write(assignment.name, student, answered), self._tell
            )
        except MachineError as error:
            self._tell_once(f"{student} is answered once this is fixed: {error.message}")
            return False
        self._arrivals.release(assignment.name, student)
        return True

    def _write_report(self, assignment: Assignment, graded: GradedFile) -> None:
        """Write the report of a practice answer."""
        grade = graded.grade
        told = grade.model_copy(update={"notices": (PRACTICE_NOTICE, *grade.notices)})
        folder = self._course.root / PRACTICE / "feedback" / grade.student / assignment.name
        report = render_report(told, title=assignment.title)
        write_for_release(folder / f"{assignment.name}.html", report.encode())
        copy_receipts(graded.folder, folder)

    def _mark(self, assignment: Assignment) -> Iterator[Answer]:
        """Make the marks of students whose deadline has passed, once each."""
        due = self._due(assignment)
        if not due:
            return
        root = self._course.root
        inbox = self._inbox
        try:
            if isinstance(inbox, ExchangeInbox):
                inbox = ExchangeInbox(self._course, root / "submitted", root / "feedback")
                inbox.collect(assignment.name)
        except AutograderError as error:
            self._tell_once(f"No marks are made for {assignment.name} yet: {error.message}")
            return
        for made in self._recorded_marks(assignment, inbox, due):
            if made.score is None:
                self._failed_marks[assignment.name, made.student] = self._clock()
                yield Answer(made, is_mark=True)
            elif self._release_mark(inbox, made):
                yield Answer(made, is_mark=True)

    def _recorded_marks(
        self, assignment: Assignment, inbox: Inbox, students: Sequence[str]
    ) -> list[Grade]:
        """Make marks; those that the gradebook does not take are for the next step."""
        options = dataclasses.replace(
            self._options, submitted=inbox.submitted, students=tuple(students), practice_seeds=False
        )
        unrecorded: set[str] = set()

        def note(progress: Progress) -> None:
            if not progress.recorded:
                unrecorded.add(progress.grade.student)

        try:
            grades = grade(
                self._course,
                assignment.name,
                options,
                note,
                on_refused=lambda error: self._tell_once(error.message),
                on_notice=self._tell_once,
            )
        except GradebookError as error:
            self._tell_once(
                f"No marks are made for {assignment.name} until this is fixed: {error.message} "
                f"{error.tip}"
            )
            return []
        return [made for made in grades if made.student not in unrecorded]

    def _due(self, assignment: Assignment) -> list[str]:
        """Students whose mark is to be made now."""
        return [
            file.student
            for file in self._arrivals.files(self._course, assignment)
            if self._is_due(assignment, file.student)
            and not self._answers.read(assignment.name, file.student).marked
            and not self._failed_lately(assignment, file.student)
        ]

    def _failed_lately(self, assignment: Assignment, student: str) -> bool:
        failed = self._failed_marks.get((assignment.name, student))
        return failed is not None and timedelta(0) <= self._clock() - failed < RETRY_MARK

    def _release_mark(self, inbox: Inbox, made: Grade) -> bool:
        """Let a student fetch the report of the mark; what fails is tried in the next step."""
        try:
            inbox.release(made.assignment, made.student)
            answered = self._answers.read(made.assignment, made.student)
            marked = answered.model_copy(update={"marked": True})
            self._answers.write(made.assignment, made.student, marked)
        except (CourseError, OSError) as error:
            self._tell_once(f"{made.student}: {error}")
            return False
        return True

    def _is_due(self, assignment: Assignment, student: str) -> bool:
        """Whether a student's deadline has passed, with extensions of extensions.yml."""
        if assignment.due is None:
            return False
        course = self._course
        extended = extended_due_dates(
            course.extensions, student, assignment.name, assignment.due, course.zone
        )
        return self._clock() >= max((assignment.due, *extended), key=datetime.timestamp)
