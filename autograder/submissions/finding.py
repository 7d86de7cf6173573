"""Find each student's file for an assignment; whatever is not taken is told, with the reason."""

from __future__ import annotations

import dataclasses
import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.files import ASK_FOR_FILE, SubmittedFile, id_problem, identity_of
from autograder.submissions.naming import (
    NOTEBOOK,
    PYTHON,
    assignment_in_name,
    assignment_in_stem,
    split_name,
)
from autograder.submissions.ownership import without_shared

_PLACE = "A submission is STUDENT/{name}/{name}.ipynb."
_NOT_SUBMITTED = ("timestamp.txt",)
"""Files that nbgrader's collectors put beside a submission."""


_NOT_STUDENTS = (".ipynb_checkpoints", ".git")
"""Folders that programs put beside those of students."""

_UPLOAD_ONE = "Upload one notebook, the one with your answers (File > Download in JupyterLab)."
_NOTHING = "Nothing can be graded: {}."
_SEVERAL = "{} lie side by side, and nothing says which one counts"

Refuse = Callable[[SubmissionError], None]


def find_submissions(
    submitted: Path,
    assignment: str,
    students: Sequence[str] = (),
    on_refused: Refuse = lambda _error: None,
    *,
    links: Sequence[Path] = (),
    private: Sequence[Path] = (),
) -> list[SubmittedFile]:
    """Find `STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb` (or `.py`) under a folder, and its like.

    A notebook of another name is taken if it is the only one, or the only one that is named after
    the assignment: "homework (1).ipynb", "Homework-Copy1.ipynb", "homework.ipynb.json".

    A symbolic link is followed if it leads into the student's own folder, or into one of `links`. A
    file that several names lead to is taken only for the student whose it is, and not if one of the
    names is in a folder of `private`.

    Args:
        submitted: The folder of submissions.
        assignment: The assignment's name.
        students: Ids to keep; empty keeps all.
        on_refused: Called for everything below `submitted` that looks like a submission and is not
            graded.
        links: Folders that symbolic links may lead to.
        private: Folders whose files are nobody's submission, such as the solutions.

    Returns:
        One file per student with a submission, sorted by id.

    Raises:
        SubmissionError: If the folder or a requested student does not exist.
    """
    try:
        entries = sorted(os.scandir(submitted), key=lambda entry: entry.name)
    except OSError as error:
        raise SubmissionError(
            f"{submitted} cannot be read as a folder of submissions: {error.strerror}.",
            "It contains STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb; name it with --submitted DIR.",
        ) from error
    folders = [entry.name for entry in entries if entry.is_dir()]
    for student in students:
        if student not in folders:
            raise SubmissionError(
                f"{submitted} has no folder for the student {student!r}.",
                f"Name one of its folders, such as {folders[0]}."
                if folders
                else "It has no folders.",
            )
    finder = _Finder(Path(os.path.realpath(submitted)), assignment, links)
    problems = _problems_of(folders)
    files = []
    for name in (entry.name for entry in entries):
        if students and name not in students:
            continue
        if name in _NOT_STUDENTS or (name.startswith(".") and name not in folders):
            continue
        found = finder.find(name) if name in folders else _not_a_folder(name, assignment)
        if isinstance(found, SubmittedFile) and name in problems:
            found = problems[name]
        if isinstance(found, SubmissionError):
            on_refused(found)
        elif found is not None:
            files.append(found)
    return without_shared(files, finder.submitted, finder.links, private)


def find_uploaded(folder: Path, assignment: str) -> SubmittedFile:
    """Find the file to grade in what one student, or one group, uploaded; its name may be any.

    Args:
        folder: What was uploaded. Its name becomes the student's id.
        assignment: The assignment's name.

    Returns:
        The file. The folders in it are looked into only if no notebook or Python file lies above.

    Raises:
        SubmissionError: If there is nothing to grade, or nothing says which file counts.
    """
    real = Path(os.path.realpath(folder))
    found = _Finder(real.parent, assignment, ()).find_uploaded(real)
    if isinstance(found, SubmissionError):
        raise found
    return found


def _not_a_folder(name: str, assignment: str) -> SubmissionError:
    return SubmissionError(
        f"{name!r} was not graded: it does not lie in a student's folder.",
        _PLACE.format(name=assignment),
    )


def _problems_of(names: Sequence[str]) -> dict[str, SubmissionError]:
    """The problem of each folder whose name cannot be a student id."""
    problems = {
        name: SubmissionError(
            f"{name!r} was not graded: a student id {problem}.",
            "Rename the student's folder and grade again; only this folder is graded then.",
        )
        for name in names
        if (problem := id_problem(name))
    }
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[unicodedata.normalize("NFKC", name).casefold()].append(name)
    for group in alike.values():
        for name in group if len(group) > 1 else ():
            others = " and ".join(repr(other) for other in group if other != name)
            problems[name] = SubmissionError(
                f"{name!r} was not graded: its only difference from {others} is case or Unicode.",
                "Rename one of the folders so that the ids are clearly different, and grade again.",
            )
    return problems


class _Finder:
    """Finds one student's file after another.

    Args:
        submitted: The folder of submissions, without links in it.
        assignment: The assignment's name.
        links: As in `find_submissions`.

    Attributes:
        submitted: The folder of submissions.
        links: Folders that links may lead to, without links in their own paths.
    """

    def __init__(self, submitted: Path, assignment: str, links: Sequence[Path]) -> None:
        self.submitted = submitted
        self._assignment = assignment
        self.links = [Path(os.path.realpath(folder)) for folder in links]

    def find(self, student: str) -> SubmittedFile | SubmissionError | None:
        """A student's file; why there is none; or None if they handed in nothing."""
        own, name = self.submitted / student, self._assignment
        try:
            place = self._folder_of(own)
            candidates = _files(place or own)
        except OSError as error:
            return SubmissionError(
                f"{student!r} was not graded: {error.filename} cannot be read: {error.strerror}.",
                "Make the folder readable for whoever grades, and grade again.",
            )
        except SubmissionError as error:
            return error
        if place is None:  # without the folder of the assignment
            candidates = [path for path in candidates if self._is_named(path)]
            if not candidates or assignment_in_stem(student, [name]):
                return None  # nothing handed in; or a folder of assignments, not of students
        exact = {path.name: path for path in candidates}
        chosen = exact.get(name + NOTEBOOK) or exact.get(name + PYTHON)
        if chosen is None:
            chosen, reason = self._best(candidates)
        if chosen is None:
            return SubmissionError(
                f"{student!r} was not graded: {reason}.", _PLACE.format(name=name)
            )
        expected = {own / name / (name + kind) for kind in (NOTEBOOK, PYTHON)}
        notices = []
        if chosen not in expected:
            shown = chosen.relative_to(own)
            notices.append(f"{shown} was graded: there is no {name}/{name}.ipynb.")
        notices += [
            f"{path.name} was not graded: {chosen.name} was."
            for path in candidates
            if path != chosen and self._is_named(path) and split_name(path.name)[1] == NOTEBOOK
        ]
        file = self._submitted_file(student, chosen)
        return dataclasses.replace(file, notices=tuple(notices), renamed=chosen not in expected)

    def find_uploaded(self, own: Path) -> SubmittedFile | SubmissionError:
        """The file that counts in a folder, or in those in it if it has none itself."""
        level = [own]
        others: list[Path] = []
        try:
            while level:
                files = [path for folder in level for path in _files(folder) if not path.is_dir()]
                fitting = [path for path in files if split_name(path.name)[1]]
                if fitting:
                    chosen, _ = self._best(fitting)
                    if chosen is None:
                        names = " and ".join(str(path.relative_to(own)) for path in fitting[:3])
                        return SubmissionError(_NOTHING.format(_SEVERAL.format(names)), _UPLOAD_ONE)
                    notices = [
                        f"{path.relative_to(own)} was not graded: {chosen.relative_to(own)} was."
                        for path in fitting
                        if path != chosen and split_name(path.name)[1] == NOTEBOOK
                    ]
                    file = self._submitted_file(own.name, chosen)
                    return dataclasses.replace(file, notices=tuple(notices))
                others += files
                level = [path for folder in level for path in _uploaded_folders(folder)]
        except OSError as error:
            return SubmissionError(f"What was uploaded cannot be read: {error.strerror}.")
        return SubmissionError(_NOTHING.format(self._best(others)[1]), _UPLOAD_ONE)

    def _folder_of(self, own: Path) -> Path | None:
        """The student's folder of the assignment, by its name or its like."""
        if (own / self._assignment).is_dir():
            return own / self._assignment
        alike = [
            path
            for path in _entries(own)
            if path.is_dir() and assignment_in_stem(path.name, [self._assignment])
        ]
        if len(alike) > 1:
            names = " and ".join(path.name for path in alike)
            raise SubmissionError(
                f"{own.name!r} was not graded: {names} lie side by side, and nothing says which "
                "one counts.",
                f"Keep one of them, and name it {self._assignment}.",
            )
        return alike[0] if alike else None

    def _is_named(self, path: Path) -> bool:
        return bool(assignment_in_name(path.name, [self._assignment]))

    def _best(self, candidates: Sequence[Path]) -> tuple[Path | None, str]:
        """The file that counts; or None, and why none does."""
        for kind in (NOTEBOOK, PYTHON):
            fitting = [path for path in candidates if split_name(path.name)[1] == kind]
            fitting = [path for path in fitting if self._is_named(path)] or fitting
            if len(fitting) == 1:
                return fitting[0], ""
            if fitting:
                newest = max(fitting, key=_modified)
                if all(self._is_named(path) for path in fitting) and _is_newest(newest, fitting):
                    return newest, ""
                names = " and ".join(path.name for path in fitting)
                return None, _SEVERAL.format(names)
        names = ", ".join(path.name for path in candidates[:3])
        return None, f"there is no notebook, only {names}" if names else "its folder is empty"

    def _submitted_file(self, student: str, path: Path) -> SubmittedFile:
        real = Path(os.path.realpath(path))
        allowed = [self.submitted / student, *self.links]
        if not any(real.is_relative_to(folder) for folder in allowed):
            problem = SubmissionError(
                f"{path.name} cannot be opened: it is, or lies behind, a link that leads out of "
                "the student's folder.",
                f"{ASK_FOR_FILE} If such links are meant, name where they lead: --links DIR.",
            )
            return SubmittedFile(student, path, problem=problem)
        identity = identity_of(real)
        return SubmittedFile(student, path if identity is None else real, identity)


def _entries(folder: Path) -> list[Path]:
    return sorted(Path(entry.path) for entry in os.scandir(folder))


def _files(folder: Path) -> list[Path]:
    """What lies in a folder, but for hidden entries and folders of other names."""
    return [
        path
        for path in _entries(folder)
        if not path.name.startswith(".")
        and path.name not in _NOT_SUBMITTED
        and (split_name(path.name)[1] or not path.is_dir())
    ]


def _uploaded_folders(folder: Path) -> list[Path]:
    """The folders in a folder, but for hidden ones, links and what macOS adds to zips."""
    return [
        path
        for path in _entries(folder)
        if path.is_dir() and not path.is_symlink() and not path.name.startswith((".", "__"))
    ]


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_newest(path: Path, others: Sequence[Path]) -> bool:
    return sum(_modified(other) == _modified(path) for other in others) == 1
