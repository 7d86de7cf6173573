"""The copy of a reusable comment within what a person wrote: find it, add it, replace it.

A copy is whole lines that are the same as the comment's text. What is above and below it is a
person's own, and stays.
"""

from __future__ import annotations

from enum import Enum


class Effect(str, Enum):
    """What became of a copy."""

    INSERTED = "inserted"
    UPDATED = "updated"
    REMOVED = "removed"
    UNCHANGED = "already there"
    CHANGED_BY_HAND = "changed by hand, left"
    NO_SUBMISSION = "not in the gradebook"


def with_copy(comment: str, text: str, known: str = "") -> tuple[str, Effect]:
    """Add a copy, or bring an older one up to date.

    Args:
        comment: What is written under the cell.
        text: The reusable comment's text.
        known: Its text when it was inserted here; "" if it was not.

    Returns:
        The new comment and what became of the copy. A copy that was inserted, and is not found, was
        changed by a person: nothing is added then.
    """
    # The longer first: the shorter may be a part of it.
    for candidate in sorted({text, known} - {""}, key=len, reverse=True):
        if _start_of(comment, candidate) is None:
            continue
        if candidate == text:
            return comment, Effect.UNCHANGED
        return _replaced(comment, known, text), Effect.UPDATED
    if known:
        return comment, Effect.CHANGED_BY_HAND
    return "\n\n".join(filter(None, [comment.rstrip(), text])), Effect.INSERTED


def without_copy(comment: str, known: str) -> tuple[str, Effect]:
    """Remove a copy that no person has changed.

    Args:
        comment: What is written under the cell.
        known: The text as it was inserted.
    """
    if _start_of(comment, known) is None:
        return comment, Effect.CHANGED_BY_HAND
    return _replaced(comment, known, ""), Effect.REMOVED


def _replaced(comment: str, old: str, new: str) -> str:
    start = _start_of(comment, old) or 0
    before, after = comment[:start], comment[start + len(old) :]
    if new:
        return f"{before}{new}{after}"
    return "\n\n".join(filter(None, [before.rstrip(), after.strip("\n").rstrip()]))


def _start_of(comment: str, text: str) -> int | None:
    """Where whole lines of a comment are a text; None if nowhere."""
    index = f"\n{comment}\n".find(f"\n{text}\n")
    return None if index < 0 else index
