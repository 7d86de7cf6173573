"""The course as frozen models: `CourseFile` is `course.yml`, `Course` is what the program uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from autograder.course.folder import AssignmentFolder
from autograder.course.problems import closest_match, printable
from autograder.errors import CourseError

ASSIGNMENT_NAME = r"^[a-z0-9][a-z0-9-]*$"
CHECK_NAME = r"^[a-z][a-z0-9_]*$"
MODULE_NAME = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$"
DUE_DATE = (
    r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
SCRATCH_MB = 64
"""How much a submission may write, in MiB; not a setting, because no task needs large files."""
_ZONE = r"([Zz]|[+-][0-9:]+)$"
_DUE_EXAMPLE = "2027-02-15T23:59:00+01:00"

PATTERN_DESCRIPTIONS = {
    ASSIGNMENT_NAME: 'lowercase letters, digits and hyphens, such as "01-first-training"',
    CHECK_NAME: 'lowercase letters, digits and underscores, such as "loss_goes_down"',
    MODULE_NAME: 'the name of a Python module, such as "matplotlib.pyplot"',
    DUE_DATE: f"date, time and zone, such as {_DUE_EXAMPLE}",
}
"""What each pattern expects, for messages."""


def _due_date(value: object) -> object:
    """Read a due date in its own zone, on every Python version; leave the rest to pydantic."""
    if not isinstance(value, str):
        return value
    try:
        if re.fullmatch(DUE_DATE.strip("^$"), value):
            # Python 3.10 does not support the Z.
            return datetime.fromisoformat(re.sub("Z$", "+00:00", value))
    except ValueError:
        note = ", which is not a valid date and time"
        raise PydanticCustomError("due_date", "{note}", {"note": note}) from None
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and not re.search(_ZONE, value[10:]):
        note, tip = " without a time zone", f"Write {_DUE_EXAMPLE}."
        raise PydanticCustomError("due_date", "{note}", {"note": note, "tip": tip})
    raise PydanticCustomError("due_date", "not a date", {"note": ""})


def _as_tuple(value: object) -> object:
    """Convert a list from YAML to the tuple of a frozen model."""
    return tuple(value) if isinstance(value, list) else value


Title = Annotated[str, Field(min_length=1)]
Seed = Annotated[int, Field(ge=0, lt=2**128)]
PracticeSeed = Annotated[int, Field(ge=0, lt=2**32)]
Gradebook = Annotated[str, Field(min_length=1)]
ThresholdName = Annotated[str, Field(min_length=1)]
AssignmentName = Annotated[str, Field(pattern=ASSIGNMENT_NAME)]
CheckName = Annotated[str, Field(pattern=CHECK_NAME)]
ModuleName = Annotated[str, Field(pattern=MODULE_NAME)]
Points = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
FiniteFloat = Annotated[float, Field(allow_inf_nan=False)]
DueDate = Annotated[
    AwareDatetime,
    BeforeValidator(_due_date),
    WithJsonSchema({"type": "string", "pattern": DUE_DATE}),
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Limits(_Frozen):
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


class Seeds(_Frozen):
    """One seed for each use of randomness."""

    initial_weights: Seed
    training_draw: Seed
    held_out: Seed
    shuffling: Seed


class PracticeSeeds(Seeds):
    """Seeds that a person chooses."""

    initial_weights: PracticeSeed = Field(description="Seed of the weights before training.")
    training_draw: PracticeSeed = Field(description="Seed of the training samples.")
    held_out: PracticeSeed = Field(description="Seed of the held-out samples.")
    shuffling: PracticeSeed = Field(description="Seed of the order in which fit sees the samples.")


class AssignmentEntry(_Frozen):
    """One assignment's entry in `course.yml`."""

    title: Title = Field(description="The assignment's name as people read it.")
    due: DueDate | None = Field(
        None, description="When it is due: date, time and zone. Leave out if never."
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


class CourseFile(_Frozen):
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
    assignments: Mapping[AssignmentName, AssignmentEntry] = Field(
        min_length=1, description="The assignments, by name, in the order of the course."
    )


class Course(CourseFile):
    """`course.yml`, with its folder and the paths of the files in that folder.

    Attributes:
        root: The folder that contains `course.yml`, absolute.
        sha256: Digest of the bytes of `course.yml`, in hexadecimal.
        assignments: By name, in the order of the file.
    """

    root: Path
    sha256: str
    assignments: Mapping[str, Assignment]

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
