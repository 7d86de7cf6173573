"""What is to be applied: on disk, so that exactly what was shown is applied, also after a kill.

Everything is in `grades/.regrade`, which no assignment is called: the Grades that were made again
in `ASSIGNMENT/STUDENT.json`, what was shown in `ASSIGNMENT.shown`, and what a person has confirmed
in `ASSIGNMENT.confirmed`, which is deleted when all of it is applied.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.grading.grade_store import GradeStore
from autograder.results import write_atomically


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Frozen):
    """One student's Grade that is to be replaced.

    Attributes:
        student: The student's id.
        old_digest: Digest of the class's Grade; "" if there is none.
        new_digest: Digest of the staged Grade.
        keep_old: Whether the class's Grade stays, because its mark is higher.
    """

    student: str
    old_digest: str
    new_digest: str
    keep_old: bool = False


class Plan(_Frozen):
    """What applying does.

    Attributes:
        course_sha256: The course that the Grades were made by.
        changes: The Grades to replace.
        reason: Why, in a person's words.
    """

    course_sha256: str
    changes: tuple[Change, ...]
    reason: str = ""

    def shows(self, other: Plan) -> bool:
        """Whether everything that another plan replaces is as in this one."""
        shown = {(c.student, c.old_digest, c.new_digest) for c in self.changes}
        planned = {(c.student, c.old_digest, c.new_digest) for c in other.changes}
        return planned <= shown


class Staging:
    """The files of one assignment that is graded again.

    Args:
        course_root: The course folder.
        assignment: The assignment's name.

    Attributes:
        store: The Grades that were made again.
    """

    def __init__(self, course_root: Path, assignment: str) -> None:
        folder = course_root / "grades" / ".regrade"
        self._grades = folder / assignment
        self._shown = folder / f"{assignment}.shown"
        self._confirmed = folder / f"{assignment}.confirmed"
        self.store = GradeStore(self._grades)

    def shown(self) -> Plan | None:
        """What was shown last, and not applied; None if nothing was."""
        return _read_plan(self._shown)

    def show(self, plan: Plan) -> None:
        """Remember what was shown."""
        _write_plan(self._shown, plan)

    def confirmed(self) -> Plan | None:
        """What a person has confirmed, and is not applied to its end; None if there is nothing."""
        return _read_plan(self._confirmed)

    def confirm(self, plan: Plan) -> None:
        """Remember that a person confirmed it, so that a killed program continues."""
        _write_plan(self._confirmed, plan)

    def clear(self) -> None:
        """Delete everything: it is applied, or of no use."""
        shutil.rmtree(self._grades, ignore_errors=True)
        self._shown.unlink(missing_ok=True)
        self._confirmed.unlink(missing_ok=True)


def _read_plan(path: Path) -> Plan | None:
    try:
        return Plan.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _write_plan(path: Path, plan: Plan) -> None:
    write_atomically(path, plan.model_dump_json(indent=1).encode() + b"\n", private=True)
