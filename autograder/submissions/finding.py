"""Find each student's file for an assignment; whatever is not taken is told, with the reason."""

from __future__ import annotations

import dataclasses
import math
import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.files import ASK_FOR_FILE, Identity, id_problem
from autograder.submissions.naming import (
    NOTEBOOK,
    PYTHON,
    assignment_in_name,
    assignment_in_stem,
    split_name,
)

_PLACE = "A submission is STUDENT/{name}/{name}.ipynb."
_NOT_SUBMITTED = ("timestamp.txt",)
"""Files that nbgrader's collectors put beside a submission."""


@dataclasses.dataclass(frozen=True)
class SubmittedFile:
    """One student's file for one assignment, not yet opened.

    Attributes:
        student: The student's id: the name of the folder.
        path: A notebook or a Python file; from `find_submissions` without links in it.
        identity: Its device and inode, as found; None if it was not looked at.
        notices: Which file was taken, if it is not the expected one, as sentences.
        renamed: Whether its name or place is not the expected one.
        problem: Why it must not be read, if so.
    """

    student: str
    path: Path
    identity: Identity | None = None
    notices: tuple[str, ...] = ()
    renamed: bool = False
    problem: SubmissionError | None = None


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
    finder = _Finder(Path(os.path.realpath(submitted)), assignment, links, private)
    problems = _problems_of(folders)
    files = []
    for name in (entry.name for entry in entries if not entry.name.startswith(".")):
        if students and name not in students:
            continue
        found = finder.find(name) if name in folders else _not_a_folder(name, assignment)
        if isinstance(found, SubmittedFile) and name in problems:
            found = problems[name]
        if isinstance(found, SubmissionError):
            on_refused(found)
        elif found is not None:
            files.append(found)
    return finder.without_shared(files)


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
        private: As in `find_submissions`.
    """

    def __init__(
        self, submitted: Path, assignment: str, links: Sequence[Path], private: Sequence[Path]
    ) -> None:
        self._submitted = submitted
        self._assignment = assignment
        self._links = [Path(os.path.realpath(folder)) for folder in links]
        self._private = private

    def find(self, student: str) -> SubmittedFile | SubmissionError | None:
        """A student's file; why there is none; or None if they handed in nothing."""
        own, name = self._submitted / student, self._assignment
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
                return None, f"{names} lie side by side, and nothing says which one counts"
        names = ", ".join(path.name for path in candidates[:3])
        return None, f"there is no notebook, only {names}" if names else "its folder is empty"

    def _submitted_file(self, student: str, path: Path) -> SubmittedFile:
        real = Path(os.path.realpath(path))
        allowed = [self._submitted / student, *self._links]
        if not any(real.is_relative_to(folder) for folder in allowed):
            problem = SubmissionError(
                f"{path.name} cannot be opened: it is, or lies behind, a link that leads out of "
                "the student's folder.",
                f"{ASK_FOR_FILE} If such links are meant, name where they lead: --links DIR.",
            )
            return SubmittedFile(student, path, problem=problem)
        identity = _identity(real)
        return SubmittedFile(student, path if identity is None else real, identity)

    def without_shared(self, files: Sequence[SubmittedFile]) -> list[SubmittedFile]:
        """The same files; those that are somebody else's have a problem now."""
        linked = {file.identity for file in files if file.identity and _has_further_names(file)}
        if not linked:
            return list(files)
        private = _identities(self._private) & linked
        places = self._places_of(linked)
        return [self._checked(file, places, private) for file in files]

    def _places_of(self, linked: Collection[Identity]) -> dict[Identity, list[tuple[str, Path]]]:
        """Every place of some files in the students' folders, links followed: student and path."""
        places: dict[Identity, list[tuple[str, Path]]] = defaultdict(list)
        for own in _entries(self._submitted):
            for path in _walk(Path(os.path.realpath(own))):
                identity = _identity(path)
                if identity is not None and identity in linked:
                    places[identity].append((own.name, path))
        return places

    @staticmethod
    def _checked(
        file: SubmittedFile,
        places: Mapping[Identity, Sequence[tuple[str, Path]]],
        private: Collection[Identity],
    ) -> SubmittedFile:
        if file.identity is None:
            return file
        owner, _ = max(
            places.get(file.identity, [(file.student, file.path)]), key=lambda p: _claim(*p)
        )
        if owner == file.student and file.identity not in private:
            return file
        whose = "a file of the course" if file.identity in private else f"{owner}'s submission"
        problem = SubmissionError(
            f"{file.path.name} is the same file as {whose}: it is a link.", ASK_FOR_FILE
        )
        return dataclasses.replace(file, problem=problem)


def _has_further_names(file: SubmittedFile) -> bool:
    """Whether a file has further hard links, or does not lie where the student's folder is."""
    try:
        status = os.lstat(file.path)
    except OSError:  # reading says why
        return False
    return status.st_nlink > 1 or file.student not in file.path.parts


def _claim(student: str, path: Path) -> tuple[bool, bool, float]:
    """How well a student's claim to a shared file is founded; the largest is the owner's.

    It is theirs if it lies below a folder of their name, if the folder has the file's owner, which
    another user's link cannot have, and if the folder had it first.
    """
    try:
        folder, owner = path.parent.stat(), os.lstat(path).st_uid
    except OSError:
        return False, False, -math.inf
    return student in path.parts, folder.st_uid == owner, -folder.st_mtime


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


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_newest(path: Path, others: Sequence[Path]) -> bool:
    return sum(_modified(other) == _modified(path) for other in others) == 1


def _identities(folders: Sequence[Path]) -> set[Identity]:
    """Device and inode of every file below some folders."""
    found = {_identity(path) for folder in folders for path in _walk(folder)}
    return {identity for identity in found if identity is not None}


def _identity(path: Path) -> Identity | None:
    """A file's device and inode; None if it is gone or cannot be looked at."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _walk(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)
