"""What can go wrong, each with a message for the person who meets it.

Every error says what happened, where, and what to do next; `cli` alone prints it.
"""

from __future__ import annotations


class AutograderError(Exception):
    """Something that a person can mend.

    Args:
        message: What went wrong and where, in full.
        tip: One thing to do about it, or nothing.
    """

    def __init__(self, message: str, tip: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.tip = tip

    def _render_traceback_(self) -> list[str]:
        """In a notebook: the words alone, as on a terminal."""
        return [f"ERROR {self.message}", *([f"TIP   {self.tip}"] if self.tip else [])]


class CourseError(AutograderError):
    """`course.yml`, or a file that the course needs, is missing or wrong."""


class NoCourseError(CourseError):
    """There is no `course.yml` where it was looked for, nor above."""


class SubmissionError(AutograderError):
    """One student's files cannot be read as a submission; the batch goes on."""


class CollectError(AutograderError):
    """A learning management system's archive cannot be collected."""


class UncollectedError(AutograderError):
    """One file stays in its archive, and why; the rest is collected."""


class SandboxUnavailableError(AutograderError):
    """The walls cannot be built here, so nothing is run."""


class SandboxError(AutograderError):
    """The sandbox itself failed, through no fault of the submission."""


class StoppedError(AutograderError):
    """A person stopped the grader while a submission ran; it has no Grade from this run."""


class WireError(AutograderError):
    """Bytes that came out of a sandbox do not follow the schema."""


class ArchitectureError(AutograderError):
    """A student's model is made of something that is not graded."""


class GradebookError(AutograderError):
    """nbgrader's gradebook cannot be read or written."""
