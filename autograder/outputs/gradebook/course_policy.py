"""The course's late policy as a plugin for nbgrader's AssignLatePenalties.

In nbgrader_config.py:

    c.AssignLatePenalties.plugin_class = "autograder.drop_in.LatePolicy"
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters.base import NbGraderException
from nbgrader.plugins import BasePlugin

from autograder.course import Course, load_course
from autograder.errors import AutograderError
from autograder.outputs.gradebook.late_penalties import student_penalty


class CourseLatePolicy(BasePlugin):  # type: ignore[misc] # nbgrader is not typed
    """Gives the penalty that `autograder grade` writes, by the course's `course.yml`.

    Attributes:
        is_course_policy: By this, `autograder grade` knows that it need not ask a plugin.
    """

    is_course_policy = True

    def late_submission_penalty(
        self,
        student_id: str,
        score: float,  # noqa: ARG002 - nbgrader's signature; the gradebook has the same
        total_seconds_late: float,  # noqa: ARG002 - as above; it knows no grace and no slack days
    ) -> float | None:
        """The penalty of the submission that nbgrader's preprocessor works on.

        Args:
            student_id: The student's id.
            score: Points earned.
            total_seconds_late: Seconds after nbgrader's due date.

        Returns:
            Points off; None for none.

        Raises:
            NbGraderException: If the course cannot be read; nbgrader reports this student as
                failed.
        """
        preprocessor = self.parent
        name = preprocessor.assignment_id
        try:
            course = _course(self)
        except AutograderError as error:
            raise NbGraderException(f"{error.message} {error.tip}".strip()) from error
        if name not in course.assignments or preprocessor.notebook_id != name:
            self.log.warning("%s is not in course.yml, so it has no late policy.", name)
            return None
        session = preprocessor.gradebook.db()
        penalty = student_penalty(session, course, student_id, name)
        return penalty.points or None if penalty is not None else None


def _course(plugin: Any) -> Course:
    """The course of the nbgrader command that a plugin works for."""
    owner = plugin
    while owner is not None:
        if hasattr(owner, "coursedir"):
            return load_course(Path(owner.coursedir.root))
        owner = owner.parent
    return load_course()
