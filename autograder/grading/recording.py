"""Keep what is made from Grades in step with them, whatever happens to it."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Collection

from autograder.errors import AutograderError
from autograder.grading.grade_store import GradeStore
from autograder.grading.retries import Tell, with_retries
from autograder.outputs import GradedFile, History, Recorder


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

    def update(self, file: GradedFile) -> tuple[str, ...]:
        """Write the outputs of one Grade, unless they are there.

        Args:
            file: The graded file.

        Returns:
            Notices, such as manual scores that were kept.
        """
        student = file.grade.student
        try:
            return with_retries(
                lambda: self._update(file), self._tell, attempts=1 if self._missing else None
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

    def _update(self, file: GradedFile) -> tuple[str, ...]:
        notices: tuple[str, ...] = ()
        if not (self._store.is_recorded(file.grade) and self._recorder.is_complete(file.grade)):
            notices = self._recorder.write(file)
            self._store.mark_recorded(file.grade)
        self._history.record_review(file.grade, self._recorder.review(file.grade.student))
        return notices
