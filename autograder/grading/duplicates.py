"""Submissions that are the same, for a person to look at."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from autograder.outputs import GradedFile
from autograder.submissions import Notebook, Submission, code_of

_FEW_LINES = 30
"""Fewer lines than this are the same by chance: there are not many ways to write them."""


class Duplicates:
    """Finds students who handed in the same file, or the same code.

    Args:
        release: The release version, whose code everybody has.
    """

    def __init__(self, release: Notebook) -> None:
        self._released = {line for cell in release["cells"] for line in code_of(cell).splitlines()}
        self._students: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, file: GradedFile) -> None:
        """Take one graded file into account."""
        submission = file.submission
        if submission is None:
            return
        lines = self._own_lines(submission)
        if lines:
            self._students["file"][submission.sha256].append(submission.student)
        if len(lines) >= _FEW_LINES:
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            self._students["code, line by line"][digest].append(submission.student)

    def notices(self) -> list[str]:
        """A sentence for each group of students."""
        told: set[tuple[str, ...]] = set()
        notices = []
        for what, groups in self._students.items():
            for group in sorted(tuple(sorted(students)) for students in groups.values()):
                if len(group) > 1 and group not in told:
                    told.add(group)
                    notices.append(f"{', '.join(group)} handed in the same {what}.")
        return notices

    def _own_lines(self, submission: Submission) -> list[str]:
        """The student's own lines of code, without comments."""
        lines = (
            line for cell in submission.cells for line in code_of(cell.model_dump()).splitlines()
        )
        return [line for line in lines if line not in self._released]
