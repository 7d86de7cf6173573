"""What those who mark share: comments to insert, work to divide, and how far they agree."""

from __future__ import annotations

from autograder.marking.copies import Effect
from autograder.marking.inserting import CommentDesk, Copy, Use, count_uses, places_for
from autograder.marking.suggesting import Suggestion, suggest

__all__ = [
    "CommentDesk",
    "Copy",
    "Effect",
    "Suggestion",
    "Use",
    "count_uses",
    "places_for",
    "suggest",
]
