"""Every error that this package raises for a person to read.

AutograderError
├── CourseError              course.yml, or a file that the course needs
│   └── NoCourseError        no course.yml at all
├── SubmissionError          one student's files
├── ArchitectureError        one student's model
├── ArchiveError             an archive of a course
├── RecordsError             what is kept about a student
├── CollectError             an archive of a learning management system
├── CsvError                 a class list, or another CSV file
├── ExportError              marks that cannot go into a file of a learning management system
├── AllocationError          work divided among assistants, and their marking sheets
├── ReportError              a class report that cannot be made
├── RegradeError             marks that were made again, and cannot be applied
├── UncollectedError         one file of such an archive
├── SandboxUnavailableError  no sandbox on this machine
├── MachineError             this machine: a full disk, a file that cannot be read
│   └── SandboxError         a sandbox that failed
├── UnfitMachineError        a machine on which the course's own solution fails
├── ClusterError             a scheduler, or workers that may not grade
├── StoppedError             a person stopped the grader
├── WireError                bytes that do not match their schema
└── GradebookError           nbgrader's database

Each says what happened and where, and gives one tip. `cli` alone prints them.
"""

from __future__ import annotations


class AutograderError(Exception):
    """Something that went wrong and that a person can fix.

    Args:
        message: What went wrong and where, in full.
        tip: One thing to do about it, or "".
    """

    def __init__(self, message: str, tip: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.tip = tip

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message and the tip, without a traceback."""
        return [f"ERROR {self.message}", *([f"TIP   {self.tip}"] if self.tip else [])]


class CourseError(AutograderError):
    """`course.yml`, or a file that the course needs, is missing or wrong."""


class NoCourseError(CourseError):
    """There is no `course.yml` in the folder or in any folder above it."""


class SubmissionError(AutograderError):
    """One student's files cannot be read as a submission; the batch continues."""


class ArchiveError(AutograderError):
    """A course cannot be archived, or restored from an archive."""


class RecordsError(AutograderError):
    """What is kept about a student cannot be found or deleted."""


class CollectError(AutograderError):
    """A learning management system's archive cannot be collected."""


class CsvError(AutograderError):
    """A CSV file, such as a class list, cannot be read."""


class ExportError(AutograderError):
    """Marks cannot be written into a learning management system's file."""


class AllocationError(AutograderError):
    """Work cannot be divided among assistants, or a marking sheet is wrong."""


class ReportError(AutograderError):
    """A class report cannot be made, such as when nothing has been graded."""


class RegradeError(AutograderError):
    """Marks that were made again cannot be applied, such as when the course changed meanwhile."""


class UncollectedError(AutograderError):
    """One file cannot be collected; the rest of the archive can."""


class SandboxUnavailableError(AutograderError):
    """The sandbox cannot be built on this machine, so nothing is run."""


class MachineError(AutograderError):
    """Trouble of the machine, which is never a mark."""


class SandboxError(MachineError):
    """The sandbox itself failed, through no fault of the submission."""


class UnfitMachineError(AutograderError):
    """The course's own solution does not get full marks here, so nothing else is graded."""


class ClusterError(AutograderError):
    """A scheduler cannot be reached, or none of its workers may grade."""


class StoppedError(AutograderError):
    """A person stopped the grader while a submission ran, so this run gives it no Grade."""


class WireError(AutograderError):
    """Bytes that crossed a process boundary do not match their schema."""


class ArchitectureError(AutograderError):
    """A student's model contains something that cannot be graded."""


class GradebookError(AutograderError):
    """nbgrader's gradebook cannot be read or written.

    Args:
        message: As in `AutograderError`.
        tip: As in `AutograderError`.
        passes: Whether it may be over in a moment, as when another program writes.
    """

    def __init__(self, message: str, tip: str = "", *, passes: bool = False) -> None:
        super().__init__(message, tip)
        self.passes = passes
