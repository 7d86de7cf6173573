"""Tables of docs/fairness.md about what was tried outside the corpora."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.authoring.calibration import CONFIDENCE, rate_at_most
from tools.fairness.words import heading, percent, several


def rounds(rows: Sequence[Mapping[str, Any]]) -> str:
    """Each round of answers that were written from the texts alone, and what the last one says.

    Args:
        rows: docs/figures/rounds.json, from `tools.corpora.answers`.
    """
    lines = heading(
        "round",
        "right answers",
        "lost points",
        "wrong answers",
        "passed a check that they must fail",
        "failed a check that they must pass",
    )
    for row in rows:
        lost, right = row["lost_points"], row["right"]
        lines.append(
            f"| {row['round']} | {right} | {lost} ({percent(lost / right)}) | {row['wrong']} | "
            f"{row['wrongly_passed']} | {row['wrongly_failed']} |"
        )
    last = rows[-1]
    bound = rate_at_most(last["lost_points"], last["right"], CONFIDENCE)
    after = (
        f"After the last round, with 95% confidence, less than {percent(bound)} of such answers "
        "lose points (Clopper and Pearson)."
    )
    return "\n".join([*lines, "", after])


def readme_rounds(rows: Sequence[Mapping[str, Any]]) -> str:
    """What each round came to, in a sentence.

    Args:
        rows: As in `rounds`.
    """
    first, *others = (f"{row['lost_points']} of {row['right']}" for row in rows)
    return (
        f"In version 0.1.0, {first} such right answers lost points; in the rounds after it "
        f"{', '.join(others[:-1])} and {others[-1]}, each counted before what it found was fixed."
    )


def styles(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """What came of every style that a text leaves free.

    Args:
        rows: docs/figures/styles.json, from `tools.styles`.
    """
    lines = heading("assignment", "styles", "runs of each", "lost points in a run", "which")
    for name, row in sorted(rows.items()):
        which = ", ".join(_shown(row["failed"]))
        lines.append(
            f"| `{name}` | {row['styles']} | {row['runs']} | {len(row['failed'])} | {which} |"
        )
    return "\n".join(lines)


def _shown(failed: Sequence[str]) -> Iterator[str]:
    """Styles that differ in one choice, by that; of drawn combinations, how many."""
    alone = [name for name in failed if "; " not in name]
    yield from (f"`{name.rpartition(': ')[2]}`" for name in alone)
    if drawn := len(failed) - len(alone):
        yield several(drawn, "drawn combination")


def causes(rows: Mapping[str, Mapping[str, int]]) -> str:
    """How many mistakes are traced to their function.

    Args:
        rows: docs/figures/causes.json.
    """
    lines = heading("assignment", "submissions with one mistake", "traced to its function")
    lines += [
        f"| `{name}` | {row['submissions']} | {row['traced']} |" for name, row in rows.items()
    ]
    return "\n".join(lines)
