"""What is kept of training runs of the corpus: values, failed checks, computing time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final, NamedTuple

from autograder.authoring.calibration.measured import Direction, measurements
from autograder.results import Grade, Outcome

SHARED_SEEDS: Final = 3
"""Runs of smaller numbers have the same seeds for all submissions; the others have their own."""
_DIGITS: Final = 6


class Measure(NamedTuple):
    """What a check compares with a threshold.

    Attributes:
        check: The check's name.
        threshold: The threshold's name.
        direction: Which side passes.
    """

    check: str
    threshold: str
    direction: Direction

    def misses(self, value: float, bound: float) -> bool:
        """Whether a value misses a threshold."""
        return value < bound if self.direction == "at_least" else value > bound


@dataclasses.dataclass(frozen=True)
class TrialRun:
    """One graded training run of one submission of the corpus.

    Attributes:
        number: The number of its seeds, from 0.
        cpu_seconds: Computing time of its process in the sandbox.
        values: What checks compared with thresholds; six significant digits.
        failed: The checks that did not pass, with their outcomes.
        missed: Those that failed because a value missed the threshold of that time. Another
            threshold decides them anew; the other failed ones fail with any threshold.
        flags: Why a person should look at it, as in its Grade.
    """

    number: int
    cpu_seconds: float
    values: Mapping[Measure, float]
    failed: Mapping[str, Outcome] = dataclasses.field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    flags: tuple[str, ...] = ()

    def failing(self, thresholds: Mapping[str, float]) -> frozenset[str]:
        """The checks that fail with some thresholds; those of `course.yml` are as good as others.

        Args:
            thresholds: By name. A value of an older run whose threshold is gone decides nothing.
        """
        by_value = {
            measure.check
            for measure, value in self.values.items()
            if measure.threshold in thresholds
            and measure.misses(value, thresholds[measure.threshold])
        }
        return frozenset(by_value | (self.failed.keys() - self.missed))


@dataclasses.dataclass(frozen=True)
class EntryTrials:
    """All runs of one submission of the corpus.

    Attributes:
        entry: Its name, as in `Corpus`: "solution", "right/…" or "wrong/…".
        digest: From `trial_digest`: what decided these runs. Another digest now means that they are
            out of date.
        environment: Versions and settings that the values depend on.
        runs: The runs, sorted by number.
    """

    entry: str
    digest: str
    environment: Mapping[str, str]
    runs: tuple[TrialRun, ...]

    @property
    def is_right(self) -> bool:
        """Whether the submission is right."""
        return not self.entry.startswith("wrong/")


@dataclasses.dataclass(frozen=True)
class Trials:
    """All kept training runs of one assignment's corpus.

    Attributes:
        assignment: The assignment's name.
        entries: The submissions, sorted by name.
    """

    assignment: str
    entries: tuple[EntryTrials, ...] = ()

    @property
    def right(self) -> tuple[EntryTrials, ...]:
        """The right submissions."""
        return tuple(each for each in self.entries if each.is_right)

    @property
    def wrong(self) -> tuple[EntryTrials, ...]:
        """The wrong submissions."""
        return tuple(each for each in self.entries if not each.is_right)


def trial_run(number: int, grade: Grade, cpu_seconds: float) -> TrialRun:
    """What is kept of a Grade.

    Args:
        number: The number of its seeds.
        grade: The Grade.
        cpu_seconds: Computing time of its process.
    """
    values, missed = {}, set()
    for verdict in grade.checks:
        for each in measurements(verdict):
            measure = Measure(each.check, each.threshold, each.direction)
            rounded = float(f"{each.value:.{_DIGITS}g}")
            # Rounding moves no value to the other side of its threshold.
            same_side = measure.misses(rounded, each.bound) == each.missed
            values[measure] = rounded if same_side else each.value
            if each.missed and verdict.outcome is Outcome.FAILED:
                missed.add(each.check)
    return TrialRun(
        number=number,
        cpu_seconds=round(cpu_seconds, 2),
        values=values,
        failed={v.name: v.outcome for v in grade.checks if v.outcome is not Outcome.PASSED},
        missed=frozenset(missed),
        flags=grade.flags,
    )


def joined_environments(*environments: Mapping[str, str]) -> dict[str, str]:
    """Environments as one: where they differ, every value is named.

    Args:
        environments: Versions and settings, by name; of a joined one too.
    """
    names = sorted({name for each in environments for name in each})
    values = {
        name: {part for each in environments if name in each for part in each[name].split(", ")}
        for name in names
    }
    return {name: ", ".join(sorted(parts)) for name, parts in values.items()}
