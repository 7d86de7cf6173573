"""What a course keeps about one student, in the order in which it is deleted."""

from __future__ import annotations

import dataclasses
import hashlib
import html
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.course import Course
from autograder.errors import MachineError, SubmissionError
from autograder.marking import ALLOCATIONS, has_student, remove_student
from autograder.outputs.class_report import reports_about
from autograder.outputs.gradebook import (
    count_rows,
    delete_student,
    find_gradebook,
    nbgrader_config,
)
from autograder.submissions import read_regular_file

_STUDENT_FOLDERS = (
    "submitted",
    "autograded",
    "feedback",
    "practice/submitted",
    "practice/feedback",
)
_STUDENT_FILES: Mapping[str, tuple[str, ...]] = {
    "grades": (".json", ".kept", ".log", ".recorded"),
    "history": (".jsonl", ".torn"),
    "practice/answers": (".json",),
}
"""Folders with a folder for each assignment, and what follows a student's id there."""
_EXPORTS = tuple(
    f"{name}.{suffix}"
    for suffix, names in {
        "csv": ("brightspace", "canvas", "csv", "gradescope", "moodle"),
        "json": ("json",),
        "xml": ("junit",),
    }.items()
    for name in names
)
"""What `autograder export` writes in exports/, and can write again."""
_STAGED = ".regrade"
"""Where Grades that were made again wait below grades/."""
_RECEIPT = "submission_secret.txt"
_DEFAULT_EXCHANGE = "/usr/local/share/nbgrader/exchange"
_MAX_RECEIPT_BYTES = 1_000


@dataclasses.dataclass(frozen=True)
class Item:
    """One thing that is kept about a student.

    Attributes:
        path: The file or folder; for rows of the gradebook, where the gradebook is.
        what: What it is, in words.
        gradebook: The gradebook, if the item is its rows.
        in_a_table: Whether the item is the student's lines in a CSV file.
    """

    path: Path
    what: str
    gradebook: Path | str = ""
    in_a_table: bool = False


def inventory(course: Course, student: str) -> list[Item]:
    """What a course keeps about a student.

    Every name is compared with what is in the folders; none is made into a path or a pattern. The
    exchange comes first, because the student's own files tell which feedback there is theirs. Then
    come the submissions, so that nothing else can be made from them again, and the gradebook last.

    Args:
        course: The course.
        student: The student's id.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    return [
        *_in_exchange(course, student),
        *_folders(course.root, student),
        *_files(course.root, student),
        *_exports(course.root, student),
        *_allocations(course.root, student),
        *_similarity(course.root, student),
        *_class_reports(course.root, student),
        *_rows(course, student),
    ]


def delete(item: Item, student: str) -> None:
    """Delete one thing; a link is deleted, not what it leads to.

    Raises:
        OSError: If it cannot be deleted.
        GradebookError: If the gradebook cannot be written.
    """
    if item.gradebook:
        delete_student(item.gradebook, student)
    elif item.in_a_table:
        remove_student(item.path, student)
    elif item.path.is_dir() and not item.path.is_symlink():
        shutil.rmtree(item.path)
    else:
        item.path.unlink(missing_ok=True)


def word_of(text: str) -> re.Pattern[bytes]:
    """The pattern of a text that stands alone, not within a longer word."""
    letter = rb"[0-9A-Za-z\x80-\xff]"
    return re.compile(rb"(?<!%b)%b(?!%b)" % (letter, re.escape(os.fsencode(text)), letter))


def _folders(root: Path, student: str) -> Iterator[Item]:
    for name in _STUDENT_FOLDERS:
        for path in _entries(root / name):
            if path.name != student:
                continue
            if path.is_symlink():
                yield Item(path, f"a link; {path.readlink()}, to which it leads, stays")
            else:
                files = sum(len(names) for _, _, names in os.walk(path))
                yield Item(path, f"a folder, files: {files}")


def _files(root: Path, student: str) -> Iterator[Item]:
    for top, suffixes in _STUDENT_FILES.items():
        names = {f"{student}{suffix}" for suffix in suffixes}
        for folder in (*_entries(root / top), *_entries(root / top / _STAGED)):
            for path in _entries(folder):
                if path.name in names or _partial_of(path.name) in names:
                    yield Item(path, "a file")


def _partial_of(name: str) -> str:
    """The file that an incomplete one would have become, or ""."""
    parts = name.rsplit(".", 2)
    is_partial = name.startswith(".") and len(parts) == 3 and parts[2] == "partial"  # noqa: PLR2004
    return parts[0][1:] if is_partial and parts[1].isdigit() else ""


def _exports(root: Path, student: str) -> Iterator[Item]:
    word = word_of(student)
    for path in _entries(root / "exports"):
        if path.name in _EXPORTS and path.is_file() and word.search(path.read_bytes()):
            yield Item(path, "an export of the class, which `autograder export` writes again")


def _allocations(root: Path, student: str) -> Iterator[Item]:
    """Who marks the student's work, and the sheets of those who marked it together."""
    word = word_of(student)
    folder = root / ALLOCATIONS
    for path in [*folder.glob("*.csv"), *folder.glob("*/*.csv")]:
        # Only then is the table read: one that is damaged is found by the search for traces.
        if path.is_file() and word.search(path.read_bytes()) and has_student(path, student):
            yield Item(path, "lines of a table", in_a_table=True)


def _similarity(root: Path, student: str) -> Iterator[Item]:
    """Comparisons of a class in which the student appears."""
    escaped = html.escape(student, quote=False).replace('"', "&#34;").replace("'", "&#39;")
    words = [word_of(student), word_of(escaped)]
    for folder in _entries(root / "similarity"):
        data = (path.read_bytes() for path in _entries(folder) if path.is_file())
        if any(word.search(text) for text in data for word in words):
            yield Item(folder, "a comparison of the class, which `autograder similarity` repeats")


def _class_reports(root: Path, student: str) -> Iterator[Item]:
    for path in reports_about(root, student):
        yield Item(path, "the class report, which `autograder report` makes again")


def _rows(course: Course, student: str) -> Iterator[Item]:
    location = find_gradebook(course)
    counts = {} if location.is_missing else count_rows(location.database, student)
    if counts:
        words = ", ".join(f"{table}: {count}" for table, count in counts.items())
        yield Item(Path(str(location)), f"rows of the gradebook ({words})", location.database)


def _in_exchange(course: Course, student: str) -> Iterator[Item]:
    """What nbgrader's exchange has: inbound submissions, and feedback under names of their own."""
    location = find_gradebook(course)
    if not location.course_id:
        return
    settings = nbgrader_config(course.root)
    root = str(settings.get("Exchange", {}).get("root", _DEFAULT_EXCHANGE))
    folder = Path(root) / location.course_id
    for path in _entries(folder / "inbound"):
        # STUDENT+ASSIGNMENT+TIME, and a random part since nbgrader 0.6.
        if path.name.split("+")[0] == student and path.name.count("+") > 1:
            yield Item(path, "a submission in the exchange")
    names = set(_feedback_names(course, student))
    for path in _entries(folder / "feedback"):
        if path.name in names:
            yield Item(path, "feedback in the exchange")


def _feedback_names(course: Course, student: str) -> Iterator[str]:
    """What `nbgrader release_feedback` calls a student's reports.

    Source:
        nbgrader.utils.notebook_hash.
    """
    for top in _STUDENT_FOLDERS:
        for own in (path for path in _entries(course.root / top) if path.name == student):
            for folder in _entries(own):
                try:
                    secret = read_regular_file(folder / _RECEIPT, most_bytes=_MAX_RECEIPT_BYTES)
                except (SubmissionError, MachineError):
                    continue
                text = secret + folder.name.encode()
                yield f"{hashlib.md5(text, usedforsecurity=False).hexdigest()}.html"


def _entries(folder: Path) -> list[Path]:
    """What is in a folder, sorted; nothing if it is none."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
