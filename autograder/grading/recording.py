"""Keep what is made from Grades in step with them, whatever happens to it."""

from __future__ import annotations

import contextlib
import dataclasses
import traceback
from collections.abc import Collection, Sequence

from autograder.errors import AutograderError
from autograder.grading.grade_store import GradeStore
from autograder.grading.retries import Tell, with_retries
from autograder.outputs import GradedFile, History, Recorded, Recorder
from autograder.results import Review


class OutputUpdater:
    """Writes what is missing or outdated of a class's outputs; for one thread.

    Trouble with one student's outputs stays theirs. Trouble that passes is waited for, once: after
    that, what cannot be written is left to the next run.

    Args:
        recorder: Writes them.
        store: The Grades.
        history: Where manual marks that are seen for the first time are noted.
        tell: Called with what happens, as sentences.

    """

    def __init__(self, recorder: Recorder, store: GradeStore, history: History, tell: Tell) -> None:
        self._recorder = recorder
        self._store = store
        self._history = history
        self._tell = tell
        self._missing: dict[str, None] = {}

    @property
    def missing(self) -> Collection[str]:
        """Students whose outputs could not be written, in that order."""
        return self._missing.keys()

    def update(self, files: Sequence[GradedFile]) -> list[tuple[str, ...]]:
        """Write the outputs of a few Grades, unless they are there.

        The gradebook gets the marks of all in one transaction. If that fails, each Grade is tried
        by itself.

        Args:
            files: The graded files, one per student.

        Returns:
            For each, notices such as manual scores that were kept.
        """
        try:
            prepared: Sequence[_Prepared | None] = self._prepare(files)
        except Exception:  # noqa: BLE001 - it is told, or over, when each is tried by itself
            prepared = [None] * len(files)
        return [self._update_one(file, own) for file, own in zip(files, prepared, strict=True)]

    def _prepare(self, files: Sequence[GradedFile]) -> list[_Prepared]:
        """Bring the gradebook up to date, in one transaction."""
        grades = [file.grade for file in files]
        complete = self._recorder.complete([g for g in grades if self._store.is_recorded(g)])
        reviews = self._recorder.reviews(sorted(complete)) if complete else {}
        outdated = [file for file in files if file.grade.student not in complete]
        recorded = iter(self._recorder.record(outdated) if outdated else ())
        return [
            _Prepared(reviews[student], None)
            if (student := grade.student) in complete
            else _Prepared((own := next(recorded)).review, own)
            for grade in grades
        ]

    def _update_one(self, file: GradedFile, prepared: _Prepared | None) -> tuple[str, ...]:
        student = file.grade.student
        try:
            return with_retries(
                lambda: self._write(file, prepared),
                self._tell,
                attempts=1 if self._missing else None,
            )
        except AutograderError as error:
            reason = error.message
        except Exception as error:  # noqa: BLE001 - one student's outputs must not stop the others
            with contextlib.suppress(OSError):  # the disk may be full
                self._store.write_log(student, "".join(traceback.format_exception(error)))
            reason = f"the grader failed ({type(error).__name__}); see the log beside the Grade."
        self._missing[student] = None
        self._tell(f"{student} is graded, and not recorded: {reason}")
        return ()

    def _write(self, file: GradedFile, prepared: _Prepared | None) -> tuple[str, ...]:
        """Write a Grade's files, unless they are there; the gradebook too if it is not prepared."""
        if prepared is None:
            (prepared,) = self._prepare([file])
        notices: tuple[str, ...] = ()
        if prepared.recorded is not None:
            self._recorder.write_files(file, prepared.recorded)
            self._store.mark_recorded(file.grade)
            notices = prepared.recorded.notices
        self._history.record_review(file.grade, prepared.review)
        return notices


@dataclasses.dataclass(frozen=True)
class _Prepared:
    """A Grade that the gradebook has.

    Attributes:
        review: What people added there; None if there is no submission.
        recorded: What its files are made from; None if they are complete.
    """

    review: Review | None
    recorded: Recorded | None
