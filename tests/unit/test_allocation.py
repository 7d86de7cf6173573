"""Work divided among assistants: evenly, the same again, and stable."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from grades import make_grade, make_verdict

from autograder.errors import AllocationError, CsvError
from autograder.marking import (
    Allocated,
    allocate,
    handed_over,
    read_allocation,
    why_a_person,
    write_allocation,
)
from autograder.results import Grade, Outcome, Review

NAME = "01-first-training"
CLASS = {f"student-{number:02}": "manual mark" for number in range(31)}
AMONG = ("ana", "ben", "cem")
GRADE = make_grade(make_verdict())


def loads(rows: list[Allocated]) -> list[int]:
    """How many submissions each assistant has, sorted."""
    return sorted(Counter(row.assistant for row in rows).values())


def test_work_is_divided_evenly_and_the_same_again() -> None:
    """Nobody has two more than another; neither order decides who gets what."""
    rows = allocate(NAME, CLASS, AMONG)
    assert loads(rows) == [10, 10, 11]
    assert rows == allocate(NAME, dict(reversed(CLASS.items())), AMONG[::-1])
    assert rows != allocate("02-house-prices", CLASS, AMONG)


def test_late_submission_moves_nobody() -> None:
    """Whoever has a submission keeps it, and the new ones level the loads."""
    rows = allocate(NAME, CLASS, AMONG)
    more = {**CLASS, **{f"late-{number}": "manual mark" for number in range(5)}}
    later = allocate(NAME, more, AMONG, rows)
    assert set(rows) <= set(later)
    assert loads(later) == [12, 12, 12]


def test_submission_that_is_done_stays_with_who_did_it() -> None:
    """A mark that was entered takes no row away."""
    rows = allocate(NAME, CLASS, AMONG)
    assert allocate(NAME, {}, AMONG, rows) == rows


def test_new_assistant_gets_what_is_new() -> None:
    """Nothing is taken from the others; what comes in levels the loads as far as it goes."""
    rows = allocate(NAME, CLASS, AMONG)
    more = {**CLASS, **{f"late-{number}": "manual mark" for number in range(5)}}
    later = allocate(NAME, more, (*AMONG, "dan"), rows)
    assert [row.student[:4] for row in later if row.assistant == "dan"] == ["late"] * 5


def test_work_of_an_assistant_who_left_goes_to_the_others() -> None:
    """What they have done stays theirs, and what is shared stays shared."""
    rows = allocate(NAME, CLASS, AMONG, shared=9)
    of_cem = sorted(row.student for row in rows if row.assistant == "cem")
    waiting = {student: why for student, why in CLASS.items() if student != of_cem[0]}
    later = allocate(NAME, waiting, AMONG[:2], handed_over(rows, {"cem"}, waiting))
    assert [row.student for row in later if row.assistant == "cem"] == of_cem[:1]
    assert loads(later) == [1, 15, 15]
    assert {r.student for r in later if r.shared} == {r.student for r in rows if r.shared}


def test_shared_sample_grows_and_never_changes() -> None:
    """It is a sample of all assistants' work, stable when more come or more are asked for."""
    first = allocate(NAME, CLASS, AMONG, shared=9)
    shared = {row.student for row in first if row.shared}
    assert len(shared) == 9
    assert len({row.assistant for row in first if row.shared}) > 1
    more = allocate(NAME, {**CLASS, "late": "manual mark"}, AMONG, first, shared=12)
    assert shared < {row.student for row in more if row.shared}
    assert sum(row.shared for row in more) == 12
    assert sum(row.shared for row in allocate(NAME, CLASS, AMONG, more, shared=1)) == 12
    assert all(row.shared for row in allocate(NAME, CLASS, AMONG, shared=99))


@pytest.mark.parametrize(
    ("grade", "review", "why"),
    [
        (GRADE, Review(score=0, max_score=3), ""),
        (GRADE, Review(score=0, max_score=3, needs_manual_grade=True), "manual mark"),
        (
            GRADE.model_copy(update={"flags": ("Odd.",)}),
            Review(score=0, max_score=3, needs_manual_grade=True),
            "look at it",
        ),
        (GRADE.model_copy(update={"flags": ("Odd.",)}), Review(score=0, max_score=3), ""),
        (GRADE.model_copy(update={"flags": ("Odd.",)}), None, "look at it"),
        (make_grade(make_verdict(outcome=Outcome.GRADER_ERROR)), None, "not graded"),
        (GRADE, None, ""),
    ],
    ids=["done", "words", "flagged", "flag-settled", "flag-unrecorded", "error", "unrecorded"],
)
def test_reason_for_a_person_is_what_nbgrader_asks(
    grade: Grade, review: Review | None, why: str
) -> None:
    """Once a person has settled it, nbgrader no longer asks, and nor do we."""
    assert why_a_person(grade, review) == why


def test_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Also after a person has swapped two assistants in it."""
    path = tmp_path / "allocations" / f"{NAME}.csv"
    rows = allocate(NAME, CLASS, AMONG, shared=3)
    write_allocation(path, rows)
    assert read_allocation(path) == rows
    assert path.stat().st_mode & 0o077 == 0
    path.write_text(path.read_text().replace("ana", "dan"))
    assert {row.assistant for row in read_allocation(path)} == {"ben", "cem", "dan"}
    assert read_allocation(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("student,assistant\nada,ana\nada,ben\n", "line 3: names 'ada' a second time"),
        ("student,assistant\nada,\n", "line 2: names no student or no assistant"),
        ("a,b\n1,2\n", "line 2: names no student or no assistant"),
        ("", "is empty"),
    ],
)
def test_file_that_is_no_allocation_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """With the line, and nothing is allocated anew over it."""
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises((AllocationError, CsvError)) as caught:
        read_allocation(path)
    assert words in caught.value.message


def test_hostile_names_have_no_effect_in_a_spreadsheet(tmp_path: Path) -> None:
    """No cell of the file begins a formula."""
    path = tmp_path / "x.csv"
    write_allocation(path, [Allocated('=HYPERLINK("http://x")', "@ana", shared=False, why="-1+2")])
    cells = path.read_text().splitlines()[1].split(",")
    assert not any(cell.strip('"').startswith(("=", "@", "+", "-")) for cell in cells)
