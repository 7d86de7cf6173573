"""Print the tables of docs/fairness.md, from the evidence: python tools/fairness.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring.calibration import CONFIDENCE, Evidence, rate_at_most, read_evidence
from autograder.course import Course, load_course

ROOT = Path(__file__).parents[1]


def calibrated(course: Course) -> list[Evidence]:
    """The evidence of every assignment that has some."""
    names = [name for name in course.assignments if course.folder(name).evidence.exists()]
    return [read_evidence(course, name) for name in names]


def pooled(found: Sequence[Evidence]) -> float:
    """Bound on the rate of false fails over all assignments, each run counted once."""
    fails, runs = sum(e.false_fails for e in found), sum(e.right_runs for e in found)
    return rate_at_most(fails, runs, CONFIDENCE)


def rows(found: Sequence[Evidence]) -> Iterator[str]:
    """False fails and false passes: one row per assignment, and one for all."""
    for e in found:
        yield (
            f"| `{e.assignment}` | {e.right_styles} | {e.right_runs:,} | {e.false_fails} | "
            f"{one_in(e.false_fail_at_most)} | {e.wrong_styles} | {e.wrong_runs} | "
            f"{e.false_passes} |"
        )
    yield (
        f"| all | {sum(e.right_styles for e in found)} | {sum(e.right_runs for e in found):,} | "
        f"{sum(e.false_fails for e in found)} | {one_in(pooled(found))} | "
        f"{sum(e.wrong_styles for e in found)} | {sum(e.wrong_runs for e in found)} | "
        f"{sum(e.false_passes for e in found)} |"
    )


def threshold_rows(found: Sequence[Evidence]) -> Iterator[str]:
    """One row per threshold, with the nearest right and wrong value."""
    for e in found:
        for name, one in e.thresholds.items():
            side = "at least" if one.direction == "at_least" else "at most"
            yield (
                f"| `{e.assignment}` | `{name}` | {side} {one.chosen:.4g} | "
                f"{one.weakest_right:.3g} | {one.nearest_wrong:.4g} |"
            )


def one_in(rate: float) -> str:
    """A rate in words, rounded to the safe side."""
    return f"1 in {int(1 / rate):,}"


if __name__ == "__main__":
    evidence = calibrated(load_course(ROOT))
    print("\n".join([*rows(evidence), "", *threshold_rows(evidence)]))
