"""Graders whose sandbox lacks some layers: the negative controls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from courses import NAME

from autograder.course import Course
from autograder.grading import Grader, start_grader
from autograder.results import Grade
from autograder.sandbox import FORK_SERVER
from autograder.submissions import Submission


def without(*layers: str) -> Sequence[str]:
    """Arguments of a fork server that leaves layers out; see `weakened_server.py`."""
    return ("-I", str(Path(__file__).with_name("weakened_server.py")), ",".join(layers))


class Weakened:
    """Graders with some layers left out; one fork server for each set of layers.

    Args:
        course: The course.
        read: Reads a notebook as a submission.
        stack: What ends the fork servers.
    """

    def __init__(
        self, course: Course, read: Callable[[Path], Submission], stack: ExitStack
    ) -> None:
        self.course = course
        self._read = read
        self._stack = stack
        self._graders: dict[tuple[str, ...], Grader] = {}

    def grade(self, path: Path, *layers: str, **limits: float) -> Grade:
        """Grade one file.

        Args:
            path: A notebook.
            layers: Names in `weakened_server.LAYERS`; "all" isolates nothing, none leaves nothing
                out.
            limits: Other limits than the course's.
        """
        if layers not in self._graders:
            self._graders[layers] = self.start(layers, self._stack)
        wider = self.course.limits.model_copy(update=limits)
        course = self.course.model_copy(update={"limits": wider})
        grader = dataclasses.replace(self._graders[layers], course=course)
        return grader.grade(self._read(path))

    def start(
        self, layers: Sequence[str], stack: ExitStack, *, practice_seeds: bool = False
    ) -> Grader:
        """Start a grader with layers left out."""
        rubric = self.course.assignment(NAME)
        unsafe = layers == ("all",)
        arguments = FORK_SERVER if unsafe or not layers else without(*layers, "self-test")
        return start_grader(
            self.course,
            rubric,
            stack,
            unsafe=unsafe,
            practice_seeds=practice_seeds,
            arguments=arguments,
        )
