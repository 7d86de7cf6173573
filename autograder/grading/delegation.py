"""Let another process grade: what it is told of a submission, and which of its answers count.

The process is a worker of a cluster, or the course's running watcher.
"""

from __future__ import annotations

import dataclasses

from pydantic import ValidationError

from autograder.course import Assignment, Course, Seeds, SeedSource
from autograder.grading.grader import Grader
from autograder.grading.local import LocalGrader
from autograder.results import Grade, Outcome
from autograder.submissions import Cell, Submission
from autograder.wire import Message


@dataclasses.dataclass(frozen=True)
class GradingTask:
    """What all submissions of one run have in common.

    Attributes:
        course: The course.
        assignment: The assignment.
        seeds: The seeds to grade with.
        course_sha256: Digest of everything that decides a mark besides the submission.
    """

    course: Course
    assignment: Assignment
    seeds: SeedSource
    course_sha256: str

    def accepted(self, text: str, submission: Submission, tier: str) -> Grade | None:
        """A Grade from another process.

        Args:
            text: JSON.
            submission: What was sent there.
            tier: How that process confines submissions.

        Returns:
            The Grade, of the submission's student; None if it is not one of this submission, or its
            points do not fit the rubric.
        """
        try:
            grade = Grade.model_validate_json(text)
        except ValidationError:
            return None
        earned = sum(verdict.points for verdict in grade.checks)
        rubric = list(self.assignment.checks.items())
        seeds = self.seeds.fingerprint(submission.sha256)
        is_of_it = (
            grade.assignment == self.assignment.name
            and grade.submission_sha256 == submission.sha256
            and grade.course_sha256 == self.course_sha256
            and grade.seeds == {"kind": self.seeds.kind, "fingerprint": seeds}
            and grade.sandbox.tier == tier
            and [(v.name, v.max_points) for v in grade.checks] == rubric
            and grade.score == (None if grade.outcome is Outcome.GRADER_ERROR else earned)
            and all(verdict.points <= verdict.max_points for verdict in grade.checks)
        )
        return grade.model_copy(update={"student": submission.student}) if is_of_it else None


class RemoteSubmission(Message):
    """A submission without its student: what is needed to run and score it.

    Attributes:
        sha256: As in `Submission`.
        cells: As in `Submission`.
        modules: As in `Submission`.
        untouched: As in `Submission`, sorted.
        notices: As in `Submission`.
    """

    sha256: str
    cells: tuple[Cell, ...]
    modules: dict[str, bytes]
    untouched: tuple[str, ...] | None
    notices: tuple[str, ...]

    @classmethod
    def of(cls, submission: Submission) -> RemoteSubmission:
        """The part of a submission that travels."""
        untouched = submission.untouched
        return cls(
            sha256=submission.sha256,
            cells=submission.cells,
            modules=dict(submission.modules),
            untouched=None if untouched is None else tuple(sorted(untouched)),
            notices=submission.notices,
        )

    def submission(self) -> Submission:
        """A submission of nobody."""
        return Submission(
            student="",
            sha256=self.sha256,
            submitted_at=None,
            notebook={},
            cells=self.cells,
            modules=self.modules,
            untouched=None if self.untouched is None else frozenset(self.untouched),
            notices=self.notices,
        )


@dataclasses.dataclass(frozen=True)
class RemoteSeeds:
    """The seeds of one submission, which the process that asks derived; see `SeedSource`.

    Attributes:
        kind: What they are for.
        digits: Their fingerprint.
        of_submission: The seeds; None where only the fingerprint is known.
    """

    kind: str
    digits: str
    of_submission: Seeds | None = None

    def seeds(self, submission: str) -> Seeds:  # noqa: ARG002, D102 - one submission only
        if self.of_submission is None:
            raise LookupError("no seeds came with the session")
        return self.of_submission

    def fingerprint(self, submission: str = "") -> str:  # noqa: ARG002, D102 - as above
        return self.digits


class GradeDone(Message):
    """A submission is graded.

    Attributes:
        grade: Its Grade as JSON, without the student.
        broken: Tracebacks of checks that broke on it.
    """

    grade: str
    broken: tuple[str, ...]


class JobFailed(Message):
    """The grader itself failed on one submission.

    Attributes:
        traceback: Where.
    """

    traceback: str


def grade_for_another(
    local: LocalGrader,
    submission: RemoteSubmission,
    seeds: RemoteSeeds,
    course_sha256: str,
    *,
    compares_times: bool = True,
    explained: bool = True,
) -> tuple[Grade, GradeDone]:
    """Grade a submission as the process that asks would.

    Args:
        local: Grades here.
        submission: The submission.
        seeds: Its seeds.
        course_sha256: The digest that its Grade gets.
        compares_times: Whether its computing time is compared with the course's own solution's.
        explained: As in `LocalGrader.grade`.

    Returns:
        Its Grade, of nobody; and the answer to send.
    """
    broken: list[str] = []

    def adapt(grader: Grader) -> Grader:
        return dataclasses.replace(
            grader,
            seeds=seeds,
            course_sha256=course_sha256,
            reference_seconds=grader.reference_seconds if compares_times else 0.0,
            on_broken=lambda _student, text: broken.append(text),
        )

    grade = local.grade(submission.submission(), adapt, explained=explained)
    return grade, GradeDone(grade=grade.model_dump_json(), broken=tuple(broken))
