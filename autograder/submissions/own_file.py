"""Find a student's own notebook where they work, whatever a browser made of its name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.naming import SUFFIXES, assignment_in_name


def find_own_file(folder: Path, assignment: str, assignments: Collection[str]) -> Path:
    """Find the file with a student's answers.

    Args:
        folder: Where to look; then in its folder of the assignment's name.
        assignment: The assignment.
        assignments: All assignments of the course.

    Returns:
        The file that is named exactly as the assignment; otherwise the only one that is a copy by
        its name, such as "01-first-training (1).ipynb".

    Raises:
        SubmissionError: If there is none, or there are several copies.
    """
    places = (folder, folder / assignment)
    names = [f"{assignment}{suffix}" for suffix in SUFFIXES]
    for path in (place / name for place in places for name in names):
        if path.is_file():
            return path
    missing = f"There is no {names[0]} in {folder.resolve()} or in its folder {assignment}"
    command = f"autograder check {assignment} --file"
    copies = sorted(
        path
        for place in places
        for path in _files(place)
        if assignment_in_name(path.name, assignments) == assignment
    )
    if not copies:
        raise SubmissionError(
            f"{missing}.", f"Change to your notebook's folder, or name it: {command} FILE."
        )
    if len(copies) > 1:
        listed = [f'"{path.relative_to(folder)}"' for path in copies]
        raise SubmissionError(
            f"{missing}, but there are {len(copies)} copies: {', '.join(listed)}.",
            f"Name the one to check: {command} {listed[0]}.",
        )
    return copies[0]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else iter(())
