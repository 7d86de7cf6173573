"""All that an assignment's trials say of its fairness, and the same over a course."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from autograder.authoring.calibration import Trials, rate_at_most
from autograder.authoring.fairness.leave_out import (
    Expected,
    LeftOut,
    failed,
    leave_misconceptions_out,
    leave_styles_out,
    passed,
)
from autograder.authoring.fairness.margins import (
    Chance,
    Halves,
    Margin,
    chance_to_miss,
    foretell_halves,
    margins,
)
from autograder.authoring.fairness.mean_bound import mean_at_most
from autograder.authoring.fairness.tails import CONFIDENCE


@dataclasses.dataclass(frozen=True)
class Count:
    """How often something happened in runs.

    Attributes:
        events: Runs in which it did.
        runs: All runs.
    """

    events: int = 0
    runs: int = 0

    @property
    def at_most(self) -> float:
        """Upper bound on the rate, with 95% confidence: Clopper and Pearson's."""
        return rate_at_most(self.events, self.runs, CONFIDENCE) if self.runs else 1.0


@dataclasses.dataclass(frozen=True)
class Unknown:
    """What would have happened to submissions that nobody thought of.

    Attributes:
        left_out: The submissions of the corpus, each graded as if it had been unknown.
    """

    left_out: tuple[LeftOut, ...] = ()

    @property
    def hit(self) -> tuple[LeftOut, ...]:
        """Those with a surprise in any run."""
        return tuple(each for each in self.left_out if each.surprises)

    @property
    def share(self) -> float:
        """Share of runs with a surprise; each submission counts the same."""
        return sum(each.share for each in self.left_out) / max(len(self.left_out), 1)

    @property
    def at_most(self) -> float:
        """Upper bound on that share, with 95% confidence; the submissions are the sample."""
        return mean_at_most([each.share for each in self.left_out], CONFIDENCE)


@dataclasses.dataclass(frozen=True)
class Fairness:
    """What the trials of one assignment, or of several, say.

    Attributes:
        right: Submissions in the corpus that are right, and were run.
        styles: The styles among them: those that train exactly alike are one.
        failed: Right runs that failed any check.
        unknown_styles: The styles, each left out in turn.
        margins: The right runs' distances to every threshold.
        halves: How well half of the runs foretells the other half.
        flagged: Right runs that were flagged for a person.
        wrong: Wrong submissions, with the runs that passed a check that they must fail.
        unknown_misconceptions: The wrong submissions, each left out in turn.
    """

    right: int
    styles: int
    failed: Count
    unknown_styles: Unknown
    margins: tuple[Margin, ...]
    halves: Halves
    flagged: Count
    wrong: tuple[LeftOut, ...]
    unknown_misconceptions: Unknown

    @property
    def chance(self) -> Chance:
        """The chance that a right run misses any threshold, by the margins."""
        return chance_to_miss(self.margins)

    @property
    def passed(self) -> Count:
        """Wrong runs that passed a check that they must fail."""
        return Count(
            sum(each.surprises for each in self.wrong), sum(each.runs for each in self.wrong)
        )


def assess(trials: Trials, expected: Expected, thresholds: Mapping[str, float]) -> Fairness:
    """Draw everything from an assignment's trials.

    Args:
        trials: Its training runs; there may be none.
        expected: The checks that the wrong submissions must fail, by name.
        thresholds: Those of `course.yml`.
    """
    right = [each for each in trials.right if each.runs]
    failures = [failed(each, thresholds) for each in right]
    runs = sum(each.runs for each in failures)
    unknown_styles = Unknown(tuple(leave_styles_out(trials, expected, thresholds)))
    return Fairness(
        right=len(right),
        styles=len(unknown_styles.left_out),
        failed=Count(sum(each.surprises for each in failures), runs),
        unknown_styles=unknown_styles,
        margins=tuple(margins(trials, thresholds)),
        halves=foretell_halves(trials, thresholds),
        flagged=Count(sum(bool(run.flags) for each in right for run in each.runs), runs),
        wrong=tuple(
            passed(each, expected[each.entry], thresholds)
            for each in trials.wrong
            if each.runs and each.entry in expected
        ),
        unknown_misconceptions=Unknown(
            tuple(leave_misconceptions_out(trials, expected, thresholds))
        ),
    )


def pool(every: Sequence[Fairness]) -> Fairness:
    """Take the styles, misconceptions and runs of several assignments as one sample."""
    return Fairness(
        right=sum(each.right for each in every),
        styles=sum(each.styles for each in every),
        failed=_add(each.failed for each in every),
        unknown_styles=Unknown(tuple(s for each in every for s in each.unknown_styles.left_out)),
        margins=tuple(margin for each in every for margin in each.margins),
        halves=Halves(
            fits=sum(each.halves.fits for each in every),
            expected=sum(each.halves.expected for each in every),
            counted=sum(each.halves.counted for each in every),
            inside=sum(each.halves.inside for each in every),
        ),
        flagged=_add(each.flagged for each in every),
        wrong=tuple(each for one in every for each in one.wrong),
        unknown_misconceptions=Unknown(
            tuple(m for each in every for m in each.unknown_misconceptions.left_out)
        ),
    )


def _add(counts: Iterable[Count]) -> Count:
    every = list(counts)
    return Count(sum(each.events for each in every), sum(each.runs for each in every))
