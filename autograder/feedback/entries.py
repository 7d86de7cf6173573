"""The checks of a report: what to fix first, each with the student's own cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from autograder.feedback.card import CheckView, check_view
from autograder.feedback.causes import causes_of
from autograder.feedback.cells import Cell, cell_view
from autograder.feedback.figures import figures_of
from autograder.feedback.repeats import told_once
from autograder.feedback.titles import title_of
from autograder.results import Outcome, Verdict, clean, clean_line

_GROUPS = {
    "To fix": (Outcome.FAILED, Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT),
    "Not attempted yet": (Outcome.NOT_ATTEMPTED,),
    "Not graded": (Outcome.GRADER_ERROR,),
    "Passed": (Outcome.PASSED,),
}


@dataclasses.dataclass(frozen=True)
class Quoted:
    """What a report quotes besides the Grade.

    Attributes:
        cells: The student's solution cells, each as the student wrote it, by its name.
        goals: What each check expects, by its name.
    """

    cells: Mapping[str, str] = dataclasses.field(default_factory=dict)
    goals: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Entry:
    """A check on the page.

    Attributes:
        anchor: Its id on the page.
        check: Its result.
        goal: What it expects, or "".
        figures: Its evidence.
        about: The student's function that it is about, as code, or "".
        cell: The function's cell; None if it has none, or if another check has it.
        cell_at: The check that has the cell, as anchor and title; None if no other has.
    """

    anchor: str
    check: CheckView
    goal: str
    figures: list[tuple[str, str]]
    about: str
    cell: Cell | None
    cell_at: tuple[str, str] | None = None


@dataclasses.dataclass(frozen=True)
class Group:
    """Checks under one heading; folded if there is nothing to fix."""

    heading: str
    entries: list[Entry]
    folded: bool = False


def anchors_of(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """The id of each check on the page, by its name."""
    return {verdict.name: f"check-{number}" for number, verdict in enumerate(verdicts, start=1)}


def groups_of(verdicts: tuple[Verdict, ...], quoted: Quoted) -> list[Group]:
    """Checks to fix first; within a group in the order of the course.

    Checks that failed only because of another function come after all that are to be fixed. Each
    cell is shown once, beside the first check that is about it.

    Args:
        verdicts: The verdicts of a Grade.
        quoted: The student's cells, and what the checks expect.
    """
    groups = [
        (heading, [v for v in verdicts if v.outcome in outcomes and not v.follows])
        for heading, outcomes in _GROUPS.items()
    ]
    following = [
        (f"Passes once {cause.function} is right", list(cause.follows))
        for cause in causes_of(verdicts)
        if cause.follows
    ]
    ordered = [*groups[:1], *following, *groups[1:]]
    told = told_once([verdict for _, group in ordered for verdict in group])
    entries = iter(_entries(told, anchors_of(verdicts), quoted))
    return [
        Group(heading, [next(entries) for _ in group], folded=group[0].follows)
        for heading, group in ordered
        if group
    ]


def _entries(
    verdicts: Sequence[Verdict], anchors: Mapping[str, str], quoted: Quoted
) -> list[Entry]:
    shown: dict[str, tuple[str, str]] = {}
    entries = []
    for verdict in verdicts:
        function, anchor = verdict.about, anchors[verdict.name]
        cell = None if function in shown else cell_view(quoted.cells.get(function, ""))
        passed = verdict.outcome is Outcome.PASSED
        entries.append(
            Entry(
                anchor=anchor,
                check=check_view(verdict),
                goal=clean(quoted.goals.get(verdict.name, "")),
                figures=figures_of(verdict),
                about=f"`{clean_line(function, 80)}`" if function else "",
                cell=cell,
                cell_at=None if passed else shown.get(function),
            )
        )
        if cell:
            shown[function] = (anchor, title_of(verdict))
    return entries
