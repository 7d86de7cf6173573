"""What a client and the workers of its cluster tell each other.

| from | to | messages |
|---|---|---|
| client | worker | `OpenSession`, then `GradeJob`s |
| worker | client | `SessionProof`, then `GradeDone`, `JobFailed` or `NoSession` |
| worker | client | `Failed` from `wire`: it must grade nothing |

`GradeDone` and `JobFailed` are those of `delegation`. To Dask all of them are bytes, which it
encrypts. Neither side unpickles what the other one wrote.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.course import Assignment, Course
from autograder.grading.delegation import GradingTask, RemoteSubmission
from autograder.submissions import Submission
from autograder.wire import Message, PackedSeeds

_SETTINGS = {"title", "limits", "practice_seeds", "preload", "follow_through"}
"""What of `course.yml` decides a mark; not who has an extension, nor where the gradebook is."""
_ENTRY = {"title", "checks", "thresholds"}


class OpenSession(Message):
    """Start what grades one assignment, and prove that it grades as the client does.

    Attributes:
        session: The session's name, which nobody else knows.
        settings: The course's settings, as JSON.
        assignment: The assignment's name.
        files: Every file of its folder that decides a mark, by path.
        seeds: The fingerprint of the seeds that the jobs will bring.
        seeds_kind: What they are for.
        course_sha256: Digest of all of this and of the grader's own code, as the client has it.
        solution: The course's own solution.
    """

    session: str
    settings: str
    assignment: str
    files: dict[str, bytes]
    seeds: str
    seeds_kind: str
    course_sha256: str
    solution: RemoteSubmission

    @classmethod
    def of(cls, task: GradingTask, solution: Submission) -> OpenSession:
        """A new session.

        Args:
            task: What to grade.
            solution: The course's own solution.
        """
        return cls(
            session=secrets.token_hex(16),
            settings=settings_of(task.course, task.assignment),
            assignment=task.assignment.name,
            files=dict(files_of(task.course, task.assignment)),
            seeds=task.seeds.fingerprint(),
            seeds_kind=task.seeds.kind,
            course_sha256=task.course_sha256,
            solution=RemoteSubmission.of(solution),
        )

    def course(self, root: Path) -> Course:
        """The course, with its files in a folder.

        Args:
            root: Where `write` put them.
        """
        settings: dict[str, Any] = CourseSettings.model_validate_json(self.settings).values
        return Course.model_validate({**settings, "root": root, "sha256": ""})

    def write(self, root: Path) -> None:
        """Write the assignment's files where a course has them."""
        folder = root / "solutions" / self.assignment
        for name, data in self.files.items():
            path = folder / name
            if not path.resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"{name} leads out of its folder")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


class CourseSettings(Message):
    """Those settings of a course that decide marks.

    Attributes:
        values: As in `course.yml`, with one assignment.
    """

    values: dict[str, Any]


def settings_of(course: Course, assignment: Assignment) -> str:
    """The settings that decide an assignment's marks, as JSON."""
    values = course.model_dump(mode="json", include=_SETTINGS)
    entry = assignment.model_dump(mode="json", include=_ENTRY | {"name"})
    values["assignments"] = {assignment.name: entry}
    return CourseSettings(values=values).model_dump_json()


def files_of(course: Course, assignment: Assignment) -> Mapping[str, bytes]:
    """Every file of an assignment's folder that decides a mark, by path."""
    folder = course.folder(assignment.name)
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes()
        for path in folder.grading_paths()
    }


class SessionProof(Message):
    """A session is open on a worker, and the course's own solution gets full marks there.

    Attributes:
        tier: How submissions are confined there.
        environment: Versions that results depend on.
        course_sha256: Digest of the course, as the worker computed it.
        reply_sha256: Digest of what comes out of the sandbox when the solution trains, such as its
            weights: equal if every bit is.
    """

    tier: str
    environment: dict[str, str]
    course_sha256: str
    reply_sha256: str


class NoSession(Message):
    """The worker has no such session, or it timed out; open it again."""


class GradeJob(Message):
    """Grade one submission.

    Attributes:
        session: The session's name.
        submission: The submission.
        seeds: Its seeds, which the course key made for it alone.
        fingerprint: Their fingerprint.
    """

    session: str
    submission: RemoteSubmission
    seeds: PackedSeeds
    fingerprint: str
