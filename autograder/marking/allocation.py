"""Who marks what: the work on an assignment, divided among assistants."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from autograder.errors import AllocationError
from autograder.results import CsvFile, Grade, Review, csv_bytes, read_csv, write_atomically

FOLDER = "allocations"
_HEADINGS = ("student", "assistant", "shared", "why")
_SHARED = "yes"


@dataclasses.dataclass(frozen=True)
class Allocated:
    """One submission and who marks it.

    Attributes:
        student: The student's id.
        assistant: Who marks it; of a shared one, who settles what they do not agree on. "" for
            nobody yet.
        shared: Whether every assistant marks it.
        why: Why a person looks at it.
    """

    student: str
    assistant: str
    shared: bool
    why: str


def why_a_person(grade: Grade, review: Review | None) -> str:
    """Why a submission needs a person, in a word or two; "" if it does not.

    Args:
        grade: Its Grade.
        review: What the gradebook has of it.
    """
    if review is not None and not review.needs_manual_grade:
        return ""
    if grade.score is None:
        return "not graded"
    if grade.flags:
        return "look at it"
    return "" if review is None else "manual mark"


def allocate(
    assignment: str,
    work: Mapping[str, str],
    assistants: Sequence[str],
    before: Iterable[Allocated] = (),
    shared: int = 0,
) -> list[Allocated]:
    """Divide work evenly; who has a submission keeps it.

    Who gets what follows from the ids alone, so that it comes out the same again; it has nothing to
    do with the alphabet, nor with the order of the assistants.

    Args:
        assignment: The assignment's name.
        work: Why a person looks at each submission, by student.
        assistants: Who marks; at least one.
        before: What was allocated already.
        shared: How many submissions every assistant marks, at least; as far as there are so many.

    Returns:
        Every submission that was or is allocated, sorted by assistant and student.
    """
    rows = {student: Allocated(student, "", shared=False, why=why) for student, why in work.items()}
    rows |= {row.student: row for row in before}
    loads = Counter(row.assistant for row in rows.values())
    new = [row for row in rows.values() if not row.assistant]
    for row in sorted(new, key=lambda row: _digest(assignment, row.student)):
        assistant = min(assistants, key=lambda name: (loads[name], _digest(assignment, name)))
        loads[assistant] += 1
        rows[row.student] = dataclasses.replace(row, assistant=assistant)
    missing = shared - sum(row.shared for row in rows.values())
    # Another order than above, or the first of each assistant would be shared.
    order = sorted(
        set(work) & set(rows), key=lambda student: _digest("shared", assignment, student)
    )
    candidates = [student for student in order if not rows[student].shared]
    for student in candidates[: max(0, missing)]:
        rows[student] = dataclasses.replace(rows[student], shared=True)
    return sorted(rows.values(), key=lambda row: (row.assistant, row.student))


def handed_over(
    rows: Iterable[Allocated], assistants: Collection[str], work: Collection[str]
) -> list[Allocated]:
    """The same rows, with nobody for what these assistants have not done yet.

    Args:
        rows: What was allocated.
        assistants: Who gives their work to others.
        work: The students whose submissions wait for a person.
    """
    return [
        dataclasses.replace(row, assistant="")
        if row.assistant in assistants and row.student in work
        else row
        for row in rows
    ]


def allocation_file(root: Path, assignment: str) -> Path:
    """Where an assignment's allocation is.

    Args:
        root: The course folder.
        assignment: The assignment's name.
    """
    return root / FOLDER / f"{assignment}.csv"


def read_allocation(path: Path) -> list[Allocated]:
    """Read an allocation, which people may have edited; empty if there is none.

    Raises:
        CsvError: If the file cannot be read.
        AllocationError: If it is not an allocation.
    """
    if not path.exists():
        return []
    table = read_csv(path)
    rows: dict[str, Allocated] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        student, assistant, shared, why = (table.cell(row, name) for name in _HEADINGS)
        if not student or not assistant or student in rows:
            what = "names no student or no assistant" if not (student and assistant) else ""
            raise AllocationError(
                f"{path}, line {line}: {what or f'names {student!r} a second time'}.",
                "Give each line one student and one assistant, and each student one line.",
            )
        rows[student] = Allocated(student, assistant, shared.lower() == _SHARED, why)
    return list(rows.values())


def write_allocation(path: Path, rows: Iterable[Allocated]) -> None:
    """Write an allocation, for those who grade alone."""
    cells = [[row.student, row.assistant, _SHARED if row.shared else "", row.why] for row in rows]
    table = CsvFile(path, list(_HEADINGS), cells, ",", "\n", has_bom=False)
    write_atomically(path, csv_bytes(table), private=True)


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()
