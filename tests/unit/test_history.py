"""A mark's history: every change is in it once, with what it was and by what it changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import NAME
from grades import LOSS_CURVE, make_grade, make_verdict

from autograder.grading import GradeStore
from autograder.grading.history_writer import HistoryWriter
from autograder.outputs.history import A_PERSON, FOUND, History, describe, total
from autograder.results import Grade, Outcome, Review, TrainingSummary

ACCURATE = make_verdict("accuracy_passes", Outcome.PASSED)
INACCURATE = make_verdict("accuracy_passes", message="0.93 of the samples, fewer than 0.95.")
LOSS = make_verdict("loss_goes_down", Outcome.PASSED, evidence={"loss_curve": dict(LOSS_CURVE)})
SUMMARY = TrainingSummary(loss=(0.7, 0.1), epochs=(0, 1))
FULL = make_grade(LOSS, ACCURATE).model_copy(update={"training": SUMMARY})
LESS = make_grade(LOSS, INACCURATE, course_sha256="c" * 64)
ERROR = make_grade(make_verdict("accuracy_passes", Outcome.GRADER_ERROR))


class Marks:
    """The Grades and the history of a class.

    Attributes:
        store: The Grades.
        history: The history.
        writer: What writes both.
    """

    def __init__(self, root: Path) -> None:
        self.store = GradeStore(root / "grades" / NAME)
        self.history = History(root, NAME)
        courses = {"b" * 64: {"threshold accuracy": "0.9", "checks.py": "1" * 64}}
        courses["c" * 64] = {"threshold accuracy": "0.95", "checks.py": "2" * 64}
        self.writer = HistoryWriter(self.store, self.history, "autograder grade", courses)

    def scores(self) -> list[float | None]:
        """Ada's marks, oldest first."""
        return [entry.score for entry in self.history.read("ada").entries]

    def authors(self) -> list[str]:
        """What ada's marks are by."""
        return [entry.by for entry in self.history.read("ada").entries]

    def lines(self) -> list[list[str]]:
        """Ada's history as it is shown."""
        return describe(self.history.read("ada").entries)


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    """A class without Grades."""
    return Marks(tmp_path)


def review(grade: Grade, late_penalty: float = 0, **marks: float) -> Review:
    """What the gradebook has if a person gave these marks, each of 3 points."""
    pairs = {name: (points, 3.0) for name, points in marks.items()}
    added = Review(score=0, max_score=6, marks=pairs, late_penalty=late_penalty)
    return added.model_copy(update={"score": total(grade, added)})


def test_grade_is_in_the_history_as_recorded(marks: Marks) -> None:
    """It holds what answers an appeal, but no pictures and no time."""
    marks.writer.write(FULL)
    (entry,) = marks.history.read("ada").entries
    assert (entry.number, entry.score, entry.max_score) == (1, 6, 6)
    assert entry.by == "autograder grade"
    assert entry.grade is not None
    assert (entry.grade.submission_sha256, entry.grade.course_sha256) == ("a" * 64, "b" * 64)
    assert [check.message for check in entry.grade.checks] == [v.message for v in FULL.checks]
    assert [check.evidence for check in entry.grade.checks] == [{}, {}]
    assert entry.grade.training is None


def test_same_grade_again_adds_nothing(marks: Marks) -> None:
    """Neither a repeated run nor another duration is a change."""
    marks.writer.write(FULL)
    marks.writer.write(FULL.model_copy(update={"seconds": 9.0}))
    marks.writer.confirm(FULL)
    marks.history.observe(FULL, None)
    marks.history.observe(FULL, review(FULL))
    assert marks.scores() == [6]


def test_grade_of_before_the_history_is_entered_before_it_is_replaced(marks: Marks) -> None:
    """A course that upgrades loses no mark, and nor does a kill between Grade and history."""
    marks.store.write(FULL)
    marks.writer.write(LESS)
    assert (marks.scores(), marks.authors()) == ([6, 3], [FOUND, "autograder grade"])


def test_kill_between_grade_and_history_is_made_up_for(marks: Marks) -> None:
    """The next run confirms what is on disk."""
    marks.writer.write(FULL)
    marks.store.write(LESS)
    marks.writer.confirm(LESS)
    assert (marks.scores(), marks.authors()) == ([6, 3], ["autograder grade"] * 2)


def test_grade_that_comes_back_is_a_change_again(marks: Marks) -> None:
    """Only the newest counts as the same."""
    for grade in (FULL, LESS, FULL):
        marks.writer.write(grade)
    assert marks.scores() == [6, 3, 6]


def test_grader_error_is_no_mark(marks: Marks) -> None:
    """It is in the history as such, not as a zero."""
    marks.writer.write(ERROR)
    assert marks.scores() == [None]
    assert "no mark" in marks.lines()[0][0]
    marks.history.record_review(ERROR, review(ERROR, accuracy_passes=2))
    assert marks.scores() == [None, 2]


def test_manual_mark_is_entered_when_it_is_first_seen(marks: Marks) -> None:
    """By a person, since nbgrader does not know which; removing it is a change, too."""
    marks.writer.write(LESS)
    for manual in (review(LESS, accuracy_passes=2.5), review(LESS, accuracy_passes=2.5)):
        marks.history.observe(LESS, manual)
    marks.history.observe(LESS, review(LESS))
    assert marks.scores() == [3, 5.5, 3]
    assert marks.authors()[1:] == [A_PERSON, A_PERSON]
    assert marks.lines()[1][1] == "accuracy_passes: manual mark 2.5 of 3 points."
    assert marks.lines()[2][1] == "accuracy_passes: manual mark removed, before 2.5."


def test_manual_mark_counts_in_later_grades(marks: Marks) -> None:
    """As in the gradebook, it wins over the automatic one."""
    marks.writer.write(FULL)
    marks.history.observe(FULL, review(FULL, accuracy_passes=2.5))
    marks.writer.write(LESS)
    assert marks.scores() == [6, 5.5, 5.5]


def test_late_penalty_is_not_taken_for_a_person_s(marks: Marks) -> None:
    """A plugin or a late policy writes it as well."""
    marks.writer.write(FULL)
    marks.history.observe(FULL, review(FULL, late_penalty=1.5))
    assert marks.scores() == [6, 4.5]
    assert marks.authors()[1] == "a late penalty, in the gradebook"
    assert "Late penalty: 1.5 off, before 0." in marks.lines()[1]


def test_gradebook_that_lost_the_submission_is_no_change(marks: Marks) -> None:
    """It may have been moved away; grading again fills it."""
    marks.writer.write(FULL)
    marks.history.observe(FULL, review(FULL, accuracy_passes=1))
    marks.history.observe(FULL, None)
    assert marks.scores() == [6, 4]


def test_history_says_which_check_moved_and_what_changed_in_the_course(marks: Marks) -> None:
    """Values where there are some, names of files where not."""
    marks.writer.write(FULL)
    marks.writer.write(LESS, "the lesson asks for 0.95")
    headline, *details = marks.lines()[1]
    assert "3 of 6 points, 3 fewer; by autograder grade." in headline
    assert details == [
        "Reason: the lesson asks for 0.95",
        "Submission aaaaaaaaaaaa, course cccccccccccc, sandbox full, tensorflow 2.21.0.",
        f"accuracy_passes: failed, 0 of 3 points, before 3 of 3. {INACCURATE.message}",
        "Changed in the course: checks.py.",
        "Changed in the course: threshold accuracy, from 0.9 to 0.95.",
    ]


def test_second_attempt_is_told(marks: Marks) -> None:
    """The digest of what was handed in differs."""
    marks.writer.write(FULL)
    marks.writer.write(make_grade(LOSS, INACCURATE, submission_sha256="d" * 64))
    assert "Another submission than before." in marks.lines()[1]


@pytest.mark.parametrize(
    ("grade", "added", "expected"),
    [
        (FULL, None, 6),
        (LESS, Review(score=0, max_score=6, extra_credit=1), 4),
        (LESS, Review(score=0, max_score=6, late_penalty=9), 0),
        (FULL, Review(score=0, max_score=6, marks={"essay": (2, 4)}), 8),
        (ERROR, Review(score=0, max_score=6, marks={"essay": (2, 4)}), None),
    ],
    ids=["automatic", "extra credit", "never negative", "answer in words", "no mark"],
)
def test_total_adds_up_as_nbgrader_does(
    grade: Grade, added: Review | None, expected: float | None
) -> None:
    """Automatic marks, manual ones in their place, extra credit and late penalty."""
    assert total(grade, added) == expected
