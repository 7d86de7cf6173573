"""The folder of the class report: it is replaced as a whole, and only if we made it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import ReportError
from autograder.outputs.class_report.slugs import slug
from autograder.results import make_private

FOLDER = "report"
"""Where the class report is, in the course folder."""
_MARKER = "report.json"
_MADE_BY = "autograder report"
_PARTIAL, _OLD = "partial", "old"


class ReportFolder:
    """A new class report while it is written.

    A report is made again in seconds, so its files are not flushed to the disk one by one.

    Args:
        path: Where it is written; it does not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folders: set[Path] = set()
        self.files = 0
        data = json.dumps({"made_by": _MADE_BY, "format": 1})
        self.write(_MARKER, f"{data}\n".encode())

    def write(self, name: str, data: bytes) -> None:
        """Write one file that only those who grade may read.

        Args:
            name: Its path in the report, whose parts are slugs and names of ours.
            data: Its content.
        """
        path = self._path / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        with path.open("xb") as file:
            make_private(path)
            file.write(data)
        self.files += 1


@contextlib.contextmanager
def new_report(root: Path) -> Iterator[ReportFolder]:
    """Write a new class report; in the end, it takes the place of the one before.

    If anything fails before, the one before stays. What a killed process left is deleted.

    Args:
        root: The course folder.

    Yields:
        The new report.

    Raises:
        ReportError: If something else is in its place.
    """
    folder = root / FOLDER
    _clean_up(root)
    if os.path.lexists(folder) and not _may_replace(folder):
        raise ReportError(
            f"{folder} was not made by `autograder report`, so it is not replaced.",
            "Move it elsewhere, and run the same command again.",
        )
    partial, old = _beside(root, _PARTIAL), _beside(root, _OLD)
    try:
        yield ReportFolder(partial)
        if folder.exists():
            folder.rename(old)
        partial.rename(folder)
    finally:
        for leftover in (partial, old):
            shutil.rmtree(leftover, ignore_errors=True)


def reports_about(root: Path, student: str) -> Iterator[Path]:
    """The class reports that have a student's page: the one in its place, and killed ones.

    Args:
        root: The course folder.
        student: The student's id.
    """
    for folder in (root / FOLDER, *_leftovers(root)):
        if (folder / student_page(student)).is_file() and _is_ours(folder):
            yield folder


def student_page(student: str) -> str:
    """The path of a student's page in the report."""
    return f"students/{slug(student)}.html"


def _beside(root: Path, kind: str) -> Path:
    return root / f".{FOLDER}.{os.getpid()}.{kind}"


def _leftovers(root: Path) -> list[Path]:
    """Reports of processes, running or killed, that have not reached their place."""
    return [
        path
        for kind in (_PARTIAL, _OLD)
        for path in sorted(root.glob(f".{FOLDER}.*.{kind}"))
        if path.name.split(".")[2].isdigit()
    ]


def _clean_up(root: Path) -> None:
    """Delete what killed processes left; the last report goes back if it was on its way out."""
    for path in _leftovers(root):
        if not _is_ours(path) or Path("/proc", path.name.split(".")[2]).exists():
            continue
        if path.suffix == f".{_OLD}" and not os.path.lexists(root / FOLDER):
            path.rename(root / FOLDER)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _may_replace(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return _is_ours(folder) or not any(folder.iterdir())


def _is_ours(folder: Path) -> bool:
    """Whether a folder, which is not a link, has the mark of this program."""
    if folder.is_symlink():
        return False
    try:
        marker = json.loads((folder / _MARKER).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("made_by") == _MADE_BY
