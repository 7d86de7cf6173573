"""A course folder in which `autograder collect` is typed, and the archives that it is given.

The archives are built by the names that the systems' own sources and instructors' scripts show; see
autograder/collecting/formats/.
"""

from __future__ import annotations

import dataclasses
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from courses import NAME, ROOT

from autograder.cli.app import main
from autograder.submissions import read_timestamp

FILE = f"{NAME}.ipynb"
METADATA = "assignment_7_export/submission_metadata.yml"
NOON = (2026, 10, 3, 12, 0, 0)
LATER = (2026, 10, 10, 12, 0, 0)

Submitter = tuple[str, str, str]
"""A student's name, id and email address, as Gradescope's metadata list them."""


@dataclasses.dataclass(frozen=True)
class Result:
    """How the command ended, and what it printed."""

    status: int
    out: str
    err: str


@dataclasses.dataclass(frozen=True)
class CollectFolder:
    """A course folder in which the command is typed.

    Attributes:
        root: The folder, which is the current one.
        capture: What the command prints.
    """

    root: Path
    capture: pytest.CaptureFixture[str]

    @classmethod
    def make(cls, root: Path, capture: pytest.CaptureFixture[str]) -> CollectFolder:
        """Make a folder for a course without submissions."""
        root.mkdir()
        shutil.copy(ROOT / "course.yml", root)
        return cls(root, capture)

    @property
    def submissions(self) -> Path:
        """The folder of submissions, which the command makes."""
        return self.root / "submitted"

    def collect(self, *arguments: str | Path) -> Result:
        """Type `autograder collect`."""
        with pytest.raises(SystemExit) as ended:
            main(["collect", *map(str, arguments)])
        printed = self.capture.readouterr()
        assert "Traceback" not in printed.err
        assert isinstance(ended.value.code, int)
        return Result(ended.value.code, printed.out, printed.err)

    def zip(
        self,
        files: Mapping[str, str | bytes],
        name: str = "submissions.zip",
        packed: tuple[int, int, int, int, int, int] = NOON,
    ) -> Path:
        """Pack files, all at one time."""
        path = self.root / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in files.items():
                archive.writestr(zipfile.ZipInfo(member, packed), data)
        return path

    def roster(self, text: str) -> Path:
        """Write a class list."""
        path = self.root / "roster.csv"
        path.write_text(text, "utf-8")
        return path

    def submitted(self) -> dict[str, str]:
        """What is in the folder of submissions, by student."""
        paths = sorted(self.submissions.glob(f"*/*/{NAME}.*"))
        return {path.parts[-3]: path.read_text() for path in paths}

    def snapshot(self) -> dict[Path, tuple[int, bytes]]:
        """Every collected file with its time and bytes."""
        files = [path for path in self.submissions.rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    def submitted_at(self, student: str) -> datetime | None:
        """When a student submitted, as grading reads it."""
        return read_timestamp(self.submissions / student / NAME / "timestamp.txt")


def gradescope_metadata(*submissions: tuple[str, Sequence[Submitter], str]) -> str:
    """Gradescope's metadata, as Ruby writes it.

    Args:
        submissions: The folder, the submitters and the time of each.
    """
    lines = ["---"]
    for name, submitters, created in submissions:
        lines += [f"{name}:", "  :submitters:"]
        for person, sid, email in submitters:
            lines += [f"  - :name: {person}", f"    :sid: {sid}", f"    :email: {email}"]
        lines += [f"  :created_at: {created}", "  :score: 1.0", "  :results:"]
        lines += ["    :tests:", "    - :output: |", "        submission_9: [", "  :history: []"]
    return "\n".join(lines) + "\n"
