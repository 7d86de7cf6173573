"""Marking sheets, and how far they agree."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AllocationError
from autograder.marking import agreements, has_student, read_sheets, remove_student, sheets_folder
from autograder.marking.agreement import alpha
from autograder.marking.sheets import write_sheet

CELLS = {"question": 3.0, "essay": 5.0}
PUBLISHED = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four observers and twelve units, from Krippendorff (2011)."""
UNITS = st.lists(st.lists(st.integers(0, 4).map(float), min_size=1, max_size=4), max_size=6)


def units_of(table: str) -> list[list[float]]:
    """The values of each column, without those that are missing."""
    columns = zip(*(line.split() for line in table.strip().splitlines()), strict=True)
    return [[float(value) for value in column if value != "."] for column in columns]


def alpha_by_pairs(units: list[list[float]]) -> float | None:
    """The same from its definition: observed over expected disagreement, pair by pair."""
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    n = len(values)
    observed = sum(
        (a - b) ** 2 / (len(unit) - 1) for unit in units for a, b in itertools.permutations(unit, 2)
    )
    expected = sum((a - b) ** 2 for a, b in itertools.permutations(values, 2))
    return None if not expected else 1 - (observed / n) / (expected / (n * (n - 1)))


def test_alpha_of_the_published_example_is_the_published_one() -> None:
    """The paper gives 0.849 for interval data."""
    assert alpha(units_of(PUBLISHED)) == pytest.approx(0.849, abs=5e-4)


@given(UNITS)
def test_alpha_is_what_its_definition_gives(units: list[list[float]]) -> None:
    """The sums that we use and the pairs of the definition are the same."""
    expected = alpha_by_pairs(units)
    assert alpha(units) == (None if expected is None else pytest.approx(expected))


def test_agreement_beyond_chance_needs_marks_that_differ() -> None:
    """Where everybody gives everybody the same, alpha is blank and the share is all."""
    sheet = {(f"s{n}", "question"): 3.0 for n in range(10)}
    (row,) = agreements([sheet, sheet])
    assert (row.submissions, row.same, row.alpha, row.interval) == (10, 10, None, None)
    # The exact interval of 10 of 10, from tables: 1 - 0.025 ** 0.1.
    assert row.share_interval == pytest.approx((0.6915, 1), abs=5e-5)


def test_interval_holds_alpha_and_narrows_with_more_submissions() -> None:
    """The same sheets give the same interval; ten times as many submissions a narrower one."""

    def rows(number: int) -> tuple[float, float]:
        one = {(f"s{n}", "essay"): float(n % 5) for n in range(number)}
        other = {
            place: min(5.0, points + (n % 3 == 0)) for n, (place, points) in enumerate(one.items())
        }
        first, second = agreements([one, other]), agreements([one, other])
        assert first == second
        interval, value = first[0].interval, first[0].alpha
        assert interval is not None
        assert value is not None
        assert interval[0] <= value <= interval[1]
        return interval

    few, many = rows(10), rows(100)
    assert many[1] - many[0] < few[1] - few[0]


def test_share_counts_submissions_on_which_all_agree() -> None:
    """A submission that only one has marked does not count."""
    one = {("a", "essay"): 1.0, ("b", "essay"): 2.0, ("c", "essay"): 3.0}
    other = {("a", "essay"): 1.0, ("b", "essay"): 2.5}
    (row,) = agreements([one, other])
    assert (row.submissions, row.same) == (2, 1)
    # As scipy.stats.binomtest(1, 2).proportion_ci(method="exact") gives it.
    assert row.share_interval == pytest.approx((0.01258, 0.98742), abs=5e-6)
    assert agreements([one])[0].submissions == 0
    assert agreements([]) == []


def test_sheet_keeps_what_is_filled_in(tmp_path: Path) -> None:
    """More shared submissions add empty lines; a comma is a decimal point."""
    path = sheets_folder(tmp_path, "x") / "ana.csv"
    write_sheet(path, ["ada"], CELLS)
    assert path.read_text().splitlines() == [
        "student,cell,points,of",
        "ada,question,,3",
        "ada,essay,,5",
    ]
    path.write_text(path.read_text().replace("question,,", 'question,"2,5",'))
    write_sheet(path, ["ada", "bob"], CELLS)
    assert read_sheets(tmp_path, "x") == {"ana": {("ada", "question"): 2.5}}
    assert len(path.read_text().splitlines()) == 5


@pytest.mark.parametrize("points", ["4", "-1", "two", "nan", "inf"])
def test_points_that_cannot_be_are_refused(points: str, tmp_path: Path) -> None:
    """With the file, the line and what is expected."""
    path = sheets_folder(tmp_path, "x") / "ana.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f"student,cell,points,of\nada,question,{points},3\n")
    with pytest.raises(AllocationError) as caught:
        read_sheets(tmp_path, "x")
    words = f'line 2: has the points "{points}"; expected a number from 0 to 3.'
    assert words in caught.value.message


def test_student_is_removed_from_a_sheet(tmp_path: Path) -> None:
    """The others' lines stay as they were."""
    path = sheets_folder(tmp_path, "x") / "ana.csv"
    write_sheet(path, ["ada", "adam"], CELLS)
    assert has_student(path, "ada")
    remove_student(path, "ada")
    assert not has_student(path, "ada")
    assert has_student(path, "adam")
    assert not has_student(tmp_path / "none.csv", "ada")


def test_alpha_below_chance_is_negative() -> None:
    """Marks that are opposite agree less than chance would give."""
    value = alpha([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert value is not None
    assert value < 0
    assert not math.isnan(value)
