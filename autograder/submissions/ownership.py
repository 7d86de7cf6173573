"""Whose a file is that several names lead to: hard links, and links to homes."""

from __future__ import annotations

import dataclasses
import math
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.files import ASK_FOR_FILE, Identity, SubmittedFile, identity_of

_DEEPEST = 3
"""How many folders below a student's own are looked through: a home may hold anything."""


def without_shared(
    files: Sequence[SubmittedFile], submitted: Path, links: Sequence[Path], private: Sequence[Path]
) -> list[SubmittedFile]:
    """Mark files that are somebody else's.

    Args:
        files: Submitted files.
        submitted: The folder of submissions.
        links: Folders that links in it may lead to.
        private: Folders whose files are nobody's submission.

    Returns:
        The same files; those that are another student's, or the course's, have a problem now.
    """
    linked = {file.identity for file in files if file.identity and _has_further_names(file)}
    if not linked:
        return list(files)
    of_the_course = _identities(private) & linked
    places = _places_of(linked, submitted, links)
    return [_checked(file, places, of_the_course) for file in files]


def _places_of(
    linked: Collection[Identity], submitted: Path, links: Sequence[Path]
) -> dict[Identity, list[tuple[str, Path]]]:
    """Every place of some files in the students' folders, links followed: student and path."""
    places: dict[Identity, list[tuple[str, Path]]] = defaultdict(list)
    for own in os.scandir(submitted):
        folder = Path(os.path.realpath(own.path))
        if not any(folder.is_relative_to(root) for root in (submitted, *links)):
            continue
        for path in _walk(folder, _DEEPEST):
            identity = identity_of(path)
            if identity is not None and identity in linked:
                places[identity].append((own.name, path))
    return places


def _checked(
    file: SubmittedFile,
    places: Mapping[Identity, Sequence[tuple[str, Path]]],
    of_the_course: Collection[Identity],
) -> SubmittedFile:
    if file.identity is None:
        return file
    owner, _ = max(places.get(file.identity, [(file.student, file.path)]), key=lambda p: _claim(*p))
    if owner == file.student and file.identity not in of_the_course:
        return file
    whose = "a file of the course" if file.identity in of_the_course else f"{owner}'s submission"
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


def _identities(folders: Sequence[Path]) -> set[Identity]:
    """Device and inode of every file below some folders."""
    found = {identity_of(path) for folder in folders for path in _walk(folder)}
    return {identity for identity in found if identity is not None}


def _walk(folder: Path, deepest: float = math.inf) -> Iterator[Path]:
    """The files below a folder, at most so many folders deep; or the file itself."""
    if folder.is_file():
        yield folder
    for parent, folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)
        if len(Path(parent).relative_to(folder).parts) >= deepest:
            folders.clear()
