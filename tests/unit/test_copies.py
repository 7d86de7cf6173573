"""Copies of reusable comments within what people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.marking import Effect
from autograder.marking.copies import with_copy, without_copy

WORDS = st.text("ab \n", max_size=12)


@pytest.mark.parametrize(
    ("comment", "text", "known", "expected"),
    [
        ("", "new", "", ("new", Effect.INSERTED)),
        ("Mine.\n", "new", "", ("Mine.\n\nnew", Effect.INSERTED)),
        ("Mine.\n\nnew\nMore.", "new", "", ("Mine.\n\nnew\nMore.", Effect.UNCHANGED)),
        ("Mine.\n\nold\nMore.", "new", "old", ("Mine.\n\nnew\nMore.", Effect.UPDATED)),
        ("old, and mine", "new", "old", ("old, and mine", Effect.CHANGED_BY_HAND)),
        ("", "new", "old", ("", Effect.CHANGED_BY_HAND)),
        ("old\nline", "old", "old\nline", ("old", Effect.UPDATED)),
        ("old\nline", "old\nline", "old", ("old\nline", Effect.UNCHANGED)),
        ("old", "old\nline", "old", ("old\nline", Effect.UPDATED)),
    ],
)
def test_copy_is_added_updated_or_left(
    comment: str, text: str, known: str, expected: tuple[str, Effect]
) -> None:
    """A copy that a person has touched is theirs; one that is there already is not added again."""
    assert with_copy(comment, text, known) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("old", ("", Effect.REMOVED)),
        ("Mine.\n\nold", ("Mine.", Effect.REMOVED)),
        ("Mine.\n\nold\n\nMore.", ("Mine.\n\nMore.", Effect.REMOVED)),
        ("older", ("older", Effect.CHANGED_BY_HAND)),
    ],
)
def test_copy_is_removed_and_nothing_else(comment: str, expected: tuple[str, Effect]) -> None:
    """What a person wrote above and below stays."""
    assert without_copy(comment, "old") == expected


@given(WORDS, st.text("xy", min_size=1, max_size=5), st.text("z", min_size=1, max_size=5))
def test_every_word_of_a_person_survives(comment: str, old: str, new: str) -> None:
    """Inserted, inserted again, updated and removed: all that a person wrote is still there."""
    inserted, effect = with_copy(comment, old)
    assert effect is Effect.INSERTED
    assert with_copy(inserted, old, old) == (inserted, Effect.UNCHANGED)
    updated, effect = with_copy(inserted, new, old)
    assert effect is Effect.UPDATED
    removed, effect = without_copy(updated, new)
    assert effect is Effect.REMOVED
    assert removed.split() == comment.split()
