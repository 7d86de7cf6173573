"""A student's total: what counts, what is dropped, and when there is none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from autograder.outputs import Mark, Total, totals
from autograder.outputs.exports import totals_as_csv, totals_as_json
from autograder.outputs.marks import MarkStatus, no_mark

MOST = {"a": 10.0, "b": 20.0, "c": 40.0}


def marks(**scores: float | None) -> dict[str, dict[str, Mark]]:
    """Ada's marks: None where the grader failed; nothing where she handed in nothing."""
    made: dict[str, dict[str, Mark]] = {name: {} for name in MOST}
    for name, score in scores.items():
        made[name]["ada"] = (
            no_mark("ada", name, MOST[name], MarkStatus.GRADER_ERROR)
            if score is None
            else Mark(
                student="ada",
                assignment=name,
                status=MarkStatus.GRADED,
                score=score,
                max_score=MOST[name],
            )
        )
    return made


def total(drop_lowest: int, by_assignment: Mapping[str, Mapping[str, Mark]]) -> Total:
    """Ada's total."""
    (row,) = totals(by_assignment, MOST, drop_lowest)
    return row


def test_total_is_the_sum() -> None:
    """Of points, and of those that can be earned."""
    row = total(0, marks(a=9, b=10, c=30))
    assert (row.status, row.score, row.max_score) == (MarkStatus.GRADED, 49, 70)
    assert (row.dropped, row.missing) == ((), ())


def test_lowest_share_is_dropped() -> None:
    """10 of 20 is less than 9 of 10, and less than 30 of 40."""
    row = total(1, marks(a=9, b=10, c=30))
    assert (row.score, row.max_score, row.dropped) == (39, 50, ("b",))


def test_of_equal_shares_the_one_with_most_points_is_dropped() -> None:
    """In the student's favor, because the rest is then at least as good."""
    assert total(1, marks(a=0, b=20, c=0)).dropped == ("c",)


def test_nothing_handed_in_is_dropped_first_and_else_counts_as_no_points() -> None:
    """The total names it, so that a person can decide otherwise."""
    row = total(1, marks(a=9, c=30))
    assert (row.status, row.score, row.dropped) == (MarkStatus.GRADED, 39, ("b",))
    row = total(0, marks(a=9, c=30))
    assert (row.status, row.score, row.max_score) == (MarkStatus.MISSING, 39, 70)
    assert row.missing == ("b",)


def test_grader_error_leaves_no_total() -> None:
    """It may be the lowest mark, or not."""
    row = total(1, marks(a=9, b=None, c=30))
    assert (row.status, row.score) == (MarkStatus.GRADER_ERROR, None)


def test_one_assignment_always_counts() -> None:
    """However many are dropped."""
    assert total(9, marks(a=9, b=10, c=30)).dropped == ("b", "c")


@given(st.lists(st.integers(0, 10), min_size=1, max_size=6), st.integers(0, 6))
def test_dropping_never_lowers_the_share(scores: list[int], drop_lowest: int) -> None:
    """Whatever the marks."""
    most = {str(n): 10.0 + 5 * n for n in range(len(scores))}
    by_assignment = {
        name: {
            "ada": Mark(
                student="ada",
                assignment=name,
                status=MarkStatus.GRADED,
                score=score,
                max_score=most[name],
            )
        }
        for (name, score) in zip(most, scores, strict=True)
    }
    before, after = (totals(by_assignment, most, drop)[0] for drop in (0, drop_lowest))
    assert before.score is not None
    assert after.score is not None
    assert after.score / after.max_score >= before.score / before.max_score - 1e-9


def test_exports_of_totals_say_what_was_dropped_and_is_missing() -> None:
    """A total that there is not is blank, and null."""
    rows = [total(1, marks(a=9)), total(0, marks(a=9, b=None))]
    lines = list(csv.DictReader(io.StringIO(totals_as_csv(rows).decode())))
    assert [(line["score"], line["dropped"], line["missing"]) for line in lines] == [
        ("9", "c", "b"),
        ("", "", ""),
    ]
    parsed = json.loads(totals_as_json(rows))
    assert [row["score"] for row in parsed] == [9, None]
    assert [row["status"] for row in parsed] == ["missing", "grader_error"]
