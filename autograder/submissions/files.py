"""Find what was handed in, and open it once, without following links, size-capped."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

from autograder.errors import SubmissionError

LARGEST_FILE = 20 * 2**20
"""Bytes of a submission that are read."""

LONGEST_ID = 200
"""Bytes of a student's id; file names are made of it."""
_ASK_FOR_FILE = "Ask the student to hand in the notebook itself."


@dataclasses.dataclass(frozen=True)
class SubmittedFile:
    """One student's file for one assignment, not yet opened.

    Attributes:
        student: The student's id: the name of the folder.
        path: A notebook, or a Python file of the same stem.
    """

    student: str
    path: Path


def find_submissions(
    submitted: Path,
    assignment: str,
    students: Sequence[str] = (),
    on_refused: Callable[[SubmissionError], None] = lambda _error: None,
) -> list[SubmittedFile]:
    """Find `STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb` (or `.py`) under a folder.

    Args:
        submitted: The folder of the class.
        assignment: The assignment's name.
        students: Ids to keep; empty keeps all.
        on_refused: Told of each folder that hands something in under a name that is no id.

    Returns:
        One entry a student who handed something in, sorted by id.

    Raises:
        SubmissionError: If the folder, or a student who was asked for, is not there; or if two
            ids differ only in case or in how their letters are written.
    """
    try:
        names = sorted(
            entry.name for entry in os.scandir(submitted) if entry.is_dir(follow_symlinks=False)
        )
    except OSError as error:
        raise SubmissionError(
            f"{submitted} cannot be read as a folder of submissions: {error.strerror}.",
            "It holds STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb; name it with --submitted DIR.",
        ) from error
    _refuse_lookalikes(names)
    for wanted in students:
        if wanted not in names:
            raise SubmissionError(
                f"{submitted} has no folder of a student {wanted!r}.",
                f"It has {len(names)} students: {', '.join(names[:5])}, ...",
            )
    found = [
        SubmittedFile(name, path)
        for name in names
        if not students or name in students
        for path in [_notebook_or_python(submitted / name / assignment, assignment)]
        if path is not None
    ]
    for file in found:
        if why := why_no_id(file.student):
            on_refused(
                SubmissionError(
                    f"{file.student!r} was not graded: a student's id {why}.",
                    "Rename the student's folder, and grade again: only it will be graded.",
                )
            )
    return [file for file in found if not why_no_id(file.student)]


def why_no_id(name: str) -> str:
    """What makes a folder's name unfit for an id; "" if nothing does.

    Ids go to terminals, pages and spreadsheets of other programs, so what acts there is refused.

    Source:
        OWASP, CSV injection: cells that begin with = + - @.
    """
    if name.startswith(("=", "+", "-", "@")):
        return f"may not begin with {name[0]}, where spreadsheets read a formula"
    if name != name.strip() or not all(character.isprintable() for character in name):
        return "may not hold line ends, control characters or blanks at its ends"
    if len(name.encode("utf-8", "replace")) > LONGEST_ID:
        return f"may have at most {LONGEST_ID} bytes"
    return ""


def read_once(path: Path) -> bytes:
    """A file's bytes; those that are hashed are those that are graded.

    Args:
        path: A plain file of its own: no link, no second name of another file.

    Returns:
        Its bytes, at most `LARGEST_FILE`.

    Raises:
        SubmissionError: If it is anything else, or larger.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "it is a link" if path.is_symlink() else error.strerror
        raise SubmissionError(f"{path.name} cannot be opened: {why}.", _ASK_FOR_FILE) from error
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise SubmissionError(f"{path.name} is not a plain file of its own.", _ASK_FOR_FILE)
        if facts.st_size > LARGEST_FILE:
            raise SubmissionError(
                f"{path.name} has {facts.st_size / 2**20:.0f} MB; at most "
                f"{LARGEST_FILE // 2**20} MB are read.",
                "Clear the notebook's outputs (Kernel > Restart and Clear Outputs), save it and "
                "hand it in again.",
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(LARGEST_FILE + 1)
    finally:
        os.close(descriptor)


def handed_in_at(path: Path) -> datetime | None:
    """When the submission was handed in, as nbgrader writes it; None if it does not say."""
    try:
        text = path.read_text("utf-8").strip()[:64]
    except (OSError, UnicodeDecodeError):
        return None
    text = re.sub(r"\s*(UTC|Z)$", "+00:00", text)
    # Python 3.10 reads three or six digits of a second only.
    text = re.sub(r"\.\d+", lambda fraction: fraction[0].ljust(7, "0")[:7], text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _notebook_or_python(folder: Path, assignment: str) -> Path | None:
    for suffix in (".ipynb", ".py"):
        path = folder / f"{assignment}{suffix}"
        if os.path.lexists(path):
            return path
    return None


def _refuse_lookalikes(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKC", name).casefold()
        if plain in seen:
            raise SubmissionError(
                f"The student ids {seen[plain]!r} and {name!r} differ only in case or in how "
                "their letters are written.",
                "Rename one of the two folders; ids must differ plainly.",
            )
        seen[plain] = name
