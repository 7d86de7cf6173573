"""The history of every mark: kept append-only, one file per student and assignment."""

from __future__ import annotations

from autograder.outputs.history.entry import Entry, InsertedComment, total, without_evidence
from autograder.outputs.history.history import A_PERSON, FOUND, History
from autograder.outputs.history.journal import Journal, Record
from autograder.outputs.history.sentences import describe, score_text

__all__ = [
    "A_PERSON",
    "FOUND",
    "Entry",
    "History",
    "InsertedComment",
    "Journal",
    "Record",
    "describe",
    "score_text",
    "total",
    "without_evidence",
]
