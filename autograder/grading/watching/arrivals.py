"""What has arrived and is to be answered now, in a fair order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import CourseError, SubmissionError
from autograder.grading.batch import private_folders
from autograder.grading.retries import Tell
from autograder.grading.watching.answers import AnswerStore, recent_answers, wait_until
from autograder.grading.watching.digests import Digests, arrived_at, is_json
from autograder.grading.watching.inbox import Inbox
from autograder.submissions import SubmittedFile, find_submissions

_MOST_AT_ONCE = 64
"""Submissions that are answered before new ones are collected."""
_MOST_TOLD = 1_000


class Notices:
    """Tells each sentence once, though every step may find the same.

    Args:
        tell: Called with what a person should know.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told: dict[str, None] = {}

    def __call__(self, sentence: str) -> None:
        """Tell a sentence, unless it is one of those that were told last."""
        if sentence not in self._told:
            self._told[sentence] = None
            if len(self._told) > _MOST_TOLD:
                del self._told[next(iter(self._told))]
            self._tell(sentence)


class Arrivals:
    """Finds what is to be answered.

    Args:
        inbox: Where submissions arrive.
        answers: What was answered.
        links: As in `Options`.
        clock: The time.
        tell_once: Called with what a person should know.

    Attributes:
        has_more: Whether the last look left something that can be answered at once.
        has_partial: Whether it left a file that may still be written.
    """

    def __init__(
        self,
        inbox: Inbox,
        answers: AnswerStore,
        links: Sequence[Path],
        clock: Callable[[], datetime],
        tell_once: Notices,
    ) -> None:
        self._inbox = inbox
        self._answers = answers
        self._links = links
        self._clock = clock
        self._tell_once = tell_once
        self._digests = Digests()
        self._partial: dict[Path, str] = {}
        self._failed: set[tuple[str, str, str]] = set()
        self.has_more = self.has_partial = False

    def files(self, course: Course, assignment: Assignment) -> Sequence[SubmittedFile]:
        """Every student's newest file."""
        try:
            return find_submissions(
                self._inbox.submitted,
                assignment.name,
                (),
                lambda error: self._tell_once(f"{error.message} {error.tip}"),
                links=self._links,
                private=private_folders(course),
            )
        except SubmissionError as error:  # the folder is not there, or not yet
            self._tell_once(f"{error.message} {error.tip}")
            return ()

    def pending(
        self, course: Course, assignment: Assignment
    ) -> dict[str, tuple[SubmittedFile, str]]:
        """Students whose newest file is to be answered now, with the file and its digest.

        Who got the fewest answers in the last hour is first; then, whose file came first.
        """
        now = self._clock()
        ranked = []
        for file, digest in self._new_files(course, assignment):
            answered = self._answers.read(assignment.name, file.student)
            rank = len(recent_answers(answered.at, now)), arrived_at(file.path), file.student
            ranked.append((rank, file, digest))
        self.has_more |= len(ranked) > _MOST_AT_ONCE
        first = heapq.nsmallest(_MOST_AT_ONCE, ranked, key=lambda entry: entry[0])
        return {file.student: (file, digest) for _, file, digest in first}

    def leave(self, assignment: str, student: str, digest: str) -> None:
        """Do not try a submission again on which the grader failed; a new watcher does, once."""
        self._failed.add((assignment, student, digest))

    def release(self, assignment: str, student: str) -> None:
        """Let a student fetch the report; what fails is tried again in the next step."""
        try:
            self._inbox.release(assignment, student)
            answered = self._answers.read(assignment, student)
            self._answers.write(assignment, student, answered.model_copy(update={"released": True}))
        except (CourseError, OSError) as error:
            self._tell_once(f"{student}: {error}")

    def _new_files(
        self, course: Course, assignment: Assignment
    ) -> Iterator[tuple[SubmittedFile, str]]:
        """What was handed in since the last answer, and whose student need not wait."""
        limit = course.on_submit.practice_per_hour
        for file in self.files(course, assignment):
            digest = self._digests.of(file.path)
            answered = self._answers.read(assignment.name, file.student)
            if (assignment.name, file.student, digest) in self._failed:
                continue
            if digest == answered.sha256:
                if not answered.released:
                    self.release(assignment.name, file.student)
            elif (waits := wait_until(answered.at, self._clock(), limit)) is not None:
                self._tell_once(
                    f"{file.student} has had {limit} answers in an hour for {assignment.name}; "
                    f"the newest submission is answered at {waits:%H:%M} UTC."
                )
            elif self._is_whole(file.path, digest):
                yield file, digest

    def _is_whole(self, path: Path, digest: str) -> bool:
        """Whether a file was written to its end: it is a notebook, or no longer changes."""
        if is_json(path) or self._partial.get(path) == digest:
            self._partial.pop(path, None)
            return True
        self._partial[path] = digest
        self.has_partial = True
        return False
