"""An assignment's folder, which contains everything that an instructor owns of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import CourseError

GRADING = "grading"
"""The one folder that students never get; nbgrader is configured to ignore this name."""
_NOT_RELEASED = ("__pycache__", GRADING)
_MAX_RELEASED_BYTES = 16 * 2**20


@dataclasses.dataclass(frozen=True)
class AssignmentFolder:
    """`solutions/ASSIGNMENT/`, or a copy of it without what students must not get.

    Attributes:
        path: The folder; its name is the assignment's.
    """

    path: Path

    @property
    def name(self) -> str:
        """The assignment's name."""
        return self.path.name

    @property
    def notebook(self) -> Path:
        """The source version, with solutions."""
        return self.path / f"{self.name}.ipynb"

    @property
    def grading(self) -> Path:
        """What only the instructor has."""
        return self.path / GRADING

    @property
    def exercise(self) -> Path:
        """The module that calls the student's functions."""
        return self.grading / "exercise.py"

    @property
    def checks(self) -> Path:
        """The pytest file with one test per check."""
        return self.grading / "checks.py"

    @property
    def corpus(self) -> Path:
        """Right and wrong submissions that test the checks."""
        return self.grading / "corpus"

    @property
    def evidence(self) -> Path:
        """The evidence for the thresholds."""
        return self.grading / "calibration.json"

    @property
    def evidence_picture(self) -> Path:
        """The evidence as a picture."""
        return self.grading / "calibration.png"

    @property
    def trials(self) -> Path:
        """The training runs of the corpus that the evidence is made from."""
        return self.grading / "trials.jsonl"

    def released_paths(self) -> list[Path]:
        """Files that are released with the notebook: modules and data, sorted."""
        return sorted(p for p in self._below(self.path) if p.suffix != ".ipynb")

    def released_files(self) -> dict[str, bytes]:
        """The contents of `released_paths`, by path relative to the folder.

        Raises:
            CourseError: If a file cannot be read, or they are too large for a sandbox.
        """
        paths = self.released_paths()
        files = {path.relative_to(self.path).as_posix(): _read(path) for path in paths}
        size = sum(map(len, files.values()))
        if size > _MAX_RELEASED_BYTES:
            raise CourseError(
                f"The files beside {self.notebook} have {size / 2**20:.0f} MB; the limit is "
                f"{_MAX_RELEASED_BYTES // 2**20} MB.",
                "Release a smaller sample of the data.",
            )
        return files

    def grading_paths(self) -> list[Path]:
        """Files that decide a mark: all except the corpus and the evidence, sorted."""
        evidence = {self.evidence, self.evidence_picture, self.trials}
        return sorted(
            path
            for path in [self.notebook, *self.released_paths(), *self._below(self.grading)]
            if path.is_file() and path not in evidence and self.corpus not in path.parents
        )

    def _below(self, folder: Path) -> Iterator[Path]:
        """Files below a folder, except caches, hidden files and the `grading` folder."""
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name.startswith(".") or path.name in _NOT_RELEASED or path.suffix == ".pyc":
                continue
            if path.is_dir():
                yield from self._below(path)
            elif path.is_file():
                yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read: {error.strerror}.",
            "Make it readable, or move it out of the assignment's folder.",
        ) from error
