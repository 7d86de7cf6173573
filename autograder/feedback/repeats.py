"""What several checks say alike is told once: later checks refer to the first one."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.feedback.titles import title_of
from autograder.results import Outcome, Verdict

_NOT_REACHED = "Not reached: "


def told_once(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same verdicts, in which a message or a hint that repeats is a reference.

    "Not reached: X" repeats a check that says X itself.

    Args:
        verdicts: Verdicts in the order in which they are shown.

    Returns:
        As many verdicts; those that passed, or that repeat nothing, are unchanged.
    """
    messages: dict[str, str] = {}
    hints: dict[str, str] = {}
    told = []
    for verdict in verdicts:
        if verdict.outcome is Outcome.PASSED:
            told.append(verdict)
            continue
        cause, title = verdict.message.removeprefix(_NOT_REACHED), title_of(verdict)
        changes: dict[str, str] = {}
        if cause and cause in messages:
            prefix = "Not reached: see" if cause != verdict.message else "See"
            changes["message"] = f"{prefix} “{messages[cause]}”."
        if verdict.hint and verdict.hint in hints:
            # Without a message of its own, a check needs no hint of its own.
            changes["hint"] = "" if changes else f"See “{hints[verdict.hint]}”."
        messages.setdefault(cause, title)
        hints.setdefault(verdict.hint, title)
        told.append(verdict.model_copy(update=changes))
    return told
