"""The course as frozen models: `CourseFile` is `course.yml`, `Course` is what the program uses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from autograder.course.folder import AssignmentFolder
from autograder.course.late_policy import Extension, LatePolicy, LateWork
from autograder.course.problems import closest_match, printable
from autograder.course.values import (
    COMMENT_KEY,
    DUE_DATE,
    DUE_EXAMPLE,
    TIME_ZONE,
    DueDate,
    Frozen,
    TimeZone,
)
from autograder.errors import CourseError
from autograder.lateness import LateRules

ASSIGNMENT_NAME = r"^[a-z0-9][a-z0-9-]*$"
CHECK_NAME = r"^[a-z][a-z0-9_]*$"
MODULE_NAME = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$"
HTTPS_URL = r"^https://[^/\s]+/\S+$"
SCRATCH_MB = 64
"""How much a submission may write, in MiB; not a setting, because no task needs large files."""

PATTERN_DESCRIPTIONS = {
    ASSIGNMENT_NAME: 'lowercase letters, digits and hyphens, such as "01-first-training"',
    CHECK_NAME: 'lowercase letters, digits and underscores, such as "loss_goes_down"',
    COMMENT_KEY: 'lowercase letters, digits and single hyphens, such as "never-fits"',
    MODULE_NAME: 'the name of a Python module, such as "matplotlib.pyplot"',
    DUE_DATE: f"date, time and zone, such as {DUE_EXAMPLE}",
    TIME_ZONE: 'the name of a time zone, such as "Europe/Berlin"',
    HTTPS_URL: "an address that begins with https://",
}
"""What each pattern expects, for messages."""


def _as_tuple(value: object) -> object:
    """Convert a list from YAML to the tuple of a frozen model."""
    return tuple(value) if isinstance(value, list) else value


FollowThrough = Literal["none", "half", "full"]
Title = Annotated[str, Field(min_length=1)]
Seed = Annotated[int, Field(ge=0, lt=2**128)]
PracticeSeed = Annotated[int, Field(ge=0, lt=2**32)]
Gradebook = Annotated[str, Field(min_length=1)]
ThresholdName = Annotated[str, Field(min_length=1)]
AssignmentName = Annotated[str, Field(pattern=ASSIGNMENT_NAME)]
CheckName = Annotated[str, Field(pattern=CHECK_NAME)]
ModuleName = Annotated[str, Field(pattern=MODULE_NAME)]
PersonName = Annotated[str, Field(min_length=1, max_length=100)]
Points = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
FiniteFloat = Annotated[float, Field(allow_inf_nan=False)]


class Limits(Frozen):
    """What one submission may use; each upper bound catches a wrong unit."""

    wall_seconds: float = Field(
        120,
        gt=0,
        le=86_400,
        allow_inf_nan=False,
        description="Wall time, in seconds; each function and each cell may use half of it.",
    )
    memory_mb: int = Field(
        1536, ge=768, le=1_048_576, description="Memory, in MB; below 768 TensorFlow fails."
    )
    processes: int = Field(
        64, ge=24, le=4_194_304, description="Processes and threads; below 24 TensorFlow fails."
    )
    output_bytes: int = Field(
        1_000_000, ge=1000, le=1_000_000_000, description="Printed output that is kept, in bytes."
    )

    @property
    def part_seconds(self) -> float:
        """How long one function or one cell may run; the others then still have their time."""
        return self.wall_seconds / 2


class Seeds(Frozen):
    """One seed for each use of randomness."""

    initial_weights: Seed
    training_draw: Seed
    held_out: Seed
    shuffling: Seed


class OnSubmit(Frozen):
    """What `autograder watch` does with what arrives."""

    practice_per_hour: int = Field(
        6, ge=1, le=1_000, description="Most practice answers a student gets in an hour."
    )
    mark_at_deadline: bool = Field(
        default=False, description="Whether it also makes the marks once a deadline has passed."
    )


class PracticeSeeds(Seeds):
    """Seeds that a person chooses."""

    initial_weights: PracticeSeed = Field(description="Seed of the weights before training.")
    training_draw: PracticeSeed = Field(description="Seed of the training samples.")
    held_out: PracticeSeed = Field(description="Seed of the held-out samples.")
    shuffling: PracticeSeed = Field(description="Seed of the order in which fit sees the samples.")


class AssignmentEntry(Frozen):
    """One assignment's entry in `course.yml`."""

    title: Title = Field(description="The assignment's name as people read it.")
    due: DueDate | None = Field(
        None, description="When it is due: date, time and zone. Leave out if never."
    )
    late: LateWork | None = Field(
        None, description="What lateness costs here, in place of the course's `late`."
    )
    checks: Mapping[CheckName, Points] = Field(
        min_length=1, description="Points for each check, in the order that reports follow."
    )
    thresholds: Mapping[ThresholdName, FiniteFloat] = Field(
        default_factory=dict, description="Numbers that the checks compare with."
    )


class Assignment(AssignmentEntry):
    """One assignment with its name, such as "01-first-training"."""

    name: AssignmentName

    @property
    def max_score(self) -> float:
        """The sum of its checks' points."""
        return float(sum(self.checks.values()))

    def checks_named(self, name: str | None) -> tuple[str, ...]:
        """The check of that name; all checks if it is None.

        Raises:
            CourseError: If there is no check of that name; suggests the most similar one.
        """
        if name is None:
            return tuple(self.checks)
        if name in self.checks:
            return (name,)
        suggestion = closest_match(name.replace("-", "_").removeprefix("test_"), self.checks)
        question = f"; did you mean {suggestion!r}?" if suggestion else "."
        raise CourseError(
            f"{self.name} has no check '{printable(name)}'{question}",
            f"It has: {', '.join(self.checks)}.",
        )


class CourseFile(Frozen):
    """A course: everything in `course.yml`."""

    title: Title = Field(description="The course's name as people read it.")
    limits: Limits = Field(default=Limits(), description="What one submission may use.")
    practice_seeds: PracticeSeeds = Field(
        description="Seeds that students may know; the grader's come from course.key."
    )
    preload: Annotated[tuple[ModuleName, ...], BeforeValidator(_as_tuple)] = Field(
        default=(), description="Modules that are imported once, before any submission."
    )
    gradebook: Gradebook | None = Field(
        None,
        description="nbgrader's database, if nbgrader_config.py does not name it: a file's path "
        "from this folder, or a URL such as postgresql+psycopg://host/name.",
    )
    late: LatePolicy = Field(
        default=LatePolicy(), description="What lateness costs; nothing if it is left out."
    )
    time_zone: TimeZone | None = Field(
        None,
        description='Where a day late ends at the same time of day, such as "Europe/Berlin"; '
        "without it, after 24 hours.",
    )
    drop_lowest: int = Field(
        0, ge=0, le=100, description="How many of a student's lowest marks totals leave out."
    )
    assistants: Annotated[tuple[PersonName, ...], BeforeValidator(_as_tuple)] = Field(
        default=(),
        description="Who marks: the names that `autograder allocate` divides work among.",
    )
    follow_through: FollowThrough = Field(
        "none",
        description="Points that a check keeps if it failed only because of another function: "
        "none, half or full.",
    )
    on_submit: OnSubmit = Field(
        default=OnSubmit(), description="What `autograder watch` does with what students hand in."
    )
    assignments: Mapping[AssignmentName, AssignmentEntry] = Field(
        min_length=1, description="The assignments, by name, in the order of the course."
    )


class Course(CourseFile):
    """`course.yml`, with its folder and the paths of the files in that folder.

    Attributes:
        root: The folder that contains `course.yml`, absolute.
        sha256: Digest of the bytes of `course.yml`, in hexadecimal.
        assignments: By name, in the order of the file.
        extensions: From `extensions.yml` beside it.
    """

    root: Path
    sha256: str
    assignments: Mapping[str, Assignment]
    extensions: tuple[Extension, ...] = ()

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone of due dates, if it is known."""
        return None if self.time_zone is None else ZoneInfo(self.time_zone)

    def late_rules(self, assignment: Assignment) -> LateRules:
        """What lateness costs in an assignment."""
        return (self.late if assignment.late is None else assignment.late).rules

    @property
    def key_file(self) -> Path:
        """The file with the key that the grading seeds are derived from."""
        return self.root / "course.key"

    def folder(self, assignment: str) -> AssignmentFolder:
        """An assignment's folder in `solutions/`."""
        return AssignmentFolder(self.root / "solutions" / assignment)

    def source_notebook(self, assignment: str) -> Path:
        """The source version of an assignment, with solutions."""
        return self.folder(assignment).notebook

    def release_notebook(self, assignment: str) -> Path:
        """The release version of an assignment, which students get."""
        return self.root / "assignments" / assignment / f"{assignment}.ipynb"

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name.

        Args:
            name: Such as "01-first-training".

        Returns:
            The assignment.

        Raises:
            CourseError: If the course has none of that name; suggests the most similar one.
        """
        if name in self.assignments:
            return self.assignments[name]
        suggestion = next((known for known in self.assignments if known.startswith(name)), None)
        suggestion = suggestion or closest_match(name, self.assignments, cutoff=0) or ""
        raise CourseError(
            f'{self.root / "course.yml"} has no assignment "{printable(name)}"; '
            f'did you mean "{suggestion}"?',
            f"The assignments are: {', '.join(self.assignments)}.",
        )
