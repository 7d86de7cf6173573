"""What course.yml says about late work, and extensions.yml about extensions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import Course, extended_due_dates, load_course
from autograder.errors import CourseError
from autograder.lateness import LateRules, Unit

COURSE = """\
title: A course
practice_seeds: {initial_weights: 1, training_draw: 2, held_out: 3, shuffling: 4}
time_zone: Europe/Berlin
late: LATE
assignments:
  01-first-training:
    title: Your first training
    due: 2027-03-27T23:59:00+01:00
    checks: {loss_goes_down: 3}
  02-weights:
    title: Weights
    late: {percent_per_hour: 1}
    checks: {kernel_is_read: 1.5}
  03-free:
    title: Free
    late: {}
    checks: {kernel_is_read: 1.5}
"""
POLICY = (
    "{percent_per_day: 10, most_percent: 50, grace_minutes: 15, close_after_days: 7, slack_days: 3}"
)
FIRST = "01-first-training"
PERCENT = "expected a number (at least 0, at most 100)"


def course(folder: Path, late: str = POLICY, extensions: str | None = None) -> Course:
    """A course with a late policy and extensions."""
    (folder / "course.yml").write_text(COURSE.replace("LATE", late))
    if extensions is not None:
        (folder / "extensions.yml").write_text(extensions)
    return load_course(folder)


def test_assignment_without_a_policy_has_the_course_s(tmp_path: Path) -> None:
    """All of it."""
    loaded = course(tmp_path)
    assert loaded.late.slack_days == 3
    assert loaded.late_rules(loaded.assignment(FIRST)) == LateRules(
        percent=10, most_percent=50, grace=timedelta(minutes=15), close_after_days=7
    )


def test_assignment_with_a_policy_has_nothing_of_the_course_s(tmp_path: Path) -> None:
    """An empty one means that lateness costs nothing there."""
    loaded = course(tmp_path)
    hourly = loaded.late_rules(loaded.assignment("02-weights"))
    assert hourly == LateRules(percent=1, unit=Unit.HOUR)
    assert loaded.late_rules(loaded.assignment("03-free")) == LateRules()


def test_course_without_a_policy_takes_no_points(tmp_path: Path) -> None:
    """That is the default."""
    loaded = course(tmp_path, "{}")
    assert loaded.late_rules(loaded.assignment(FIRST)) == LateRules()
    assert loaded.late.slack_days == 0
    assert loaded.extensions == ()


@pytest.mark.parametrize(
    ("late", "message"),
    [
        ("{percent_per_day: 110}", f"late.percent_per_day: found 110; {PERCENT}"),
        (
            "{percent_per_day: 10, percent_per_hour: 1}",
            f'late.percent_per_hour: found 1 beside "percent_per_day"; {PERCENT}',
        ),
        ("{slack_day: 3}", 'late.slack_day: unknown key; did you mean "slack_days"?'),
        ("10", "late: found 10; expected a mapping"),
    ],
)
def test_policy_that_makes_no_sense_is_refused_with_its_line(
    late: str, message: str, tmp_path: Path
) -> None:
    """As everything else in course.yml."""
    with pytest.raises(CourseError) as caught:
        course(tmp_path, late)
    assert caught.value.message == f"course.yml, line 4: {message}"


@pytest.mark.parametrize("name", ["Europe/Berln", "../etc/passwd", "/etc/localtime", ""])
def test_unknown_time_zone_is_refused(name: str, tmp_path: Path) -> None:
    """A similar one is suggested."""
    (tmp_path / "course.yml").write_text(COURSE.replace("Europe/Berlin", f"'{name}'"))
    with pytest.raises(CourseError) as caught:
        load_course(tmp_path)
    assert "which is not a time zone" in caught.value.message
    assert 'such as "Europe/Berlin"' in caught.value.message
    assert caught.value.tip.startswith("Did you mean ")


def test_extension_moves_the_due_date(tmp_path: Path) -> None:
    """To a date, by days on the clock of the zone, or by hours."""
    loaded = course(
        tmp_path,
        extensions="""\
# Spring term
- {student: ada, assignment: 01-first-training, days: 1, reason: ill}
- {student: bob, assignment: 01-first-training, hours: 24, reason: "power cut"}
- student: cyd
  assignment: 01-first-training
  due: 2027-04-01T12:00:00+02:00
  reason: competition
""",
    )
    due = loaded.assignment(FIRST).due
    dates = {
        student: [
            date.isoformat()
            for date in extended_due_dates(loaded.extensions, student, FIRST, due, loaded.zone)
        ]
        for student in ("ada", "bob", "cyd", "dan")
    }
    assert dates == {
        "ada": ["2027-03-28T21:59:00+00:00"],  # 23:59 of a day of 23 hours
        "bob": ["2027-03-28T22:59:00+00:00"],
        "cyd": ["2027-04-01T12:00:00+02:00"],
        "dan": [],
    }


def test_extension_without_a_due_date_to_extend_moves_nothing(tmp_path: Path) -> None:
    """Unless it has a date itself."""
    loaded = course(
        tmp_path,
        extensions="- {student: ada, assignment: 02-weights, days: 1, reason: ill}\n"
        "- {student: bob, assignment: 02-weights, due: 2027-04-01T12:00:00Z, reason: ill}\n",
    )
    dates = [
        extended_due_dates(loaded.extensions, student, "02-weights", None, loaded.zone)
        for student in ("ada", "bob")
    ]
    assert dates == [(), (datetime.fromisoformat("2027-04-01T12:00:00+00:00"),)]


@pytest.mark.parametrize("text", ["", "# nothing yet\n\n", "[]\n"])
def test_file_without_extensions_is_fine(text: str, tmp_path: Path) -> None:
    """The term begins with it."""
    assert course(tmp_path, extensions=text).extensions == ()


GOOD = "- {student: ada, assignment: 01-first-training, days: 3, reason: ill}\n"


@pytest.mark.parametrize(
    ("extensions", "message"),
    [
        (
            GOOD + GOOD.replace("01-first", "01-frist"),
            (
                'line 2: 1.assignment: found "01-frist-training", which is not an assignment of '
                'the course; did you mean "01-first-training"?'
            ),
        ),
        (
            GOOD + GOOD,
            (
                "line 2: 1: is a second extension of 01-first-training for ada, after that on "
                "line 1; expected one"
            ),
        ),
        (
            GOOD.replace("days: 3, ", ""),
            'line 1: 0: has no new due date; expected one of "due", "days" or "hours"',
        ),
        (
            GOOD.replace("days: 3", "hours: 3, days: 3"),
            'line 1: 0.hours: found 3 beside "days"; expected a number (above 0, at most 8760)',
        ),
        (
            GOOD.replace(", reason: ill", ""),
            (
                "line 1: 0.reason: missing; expected text: Why; for those who teach. No report or "
                "export shows it."
            ),
        ),
        (
            GOOD.replace("days: 3", "due: 2027-02-20"),
            (
                "line 1: 0.due: found 2027-02-20 without a time zone; expected date, time and "
                "zone, such as 2027-02-15T23:59:00+01:00"
            ),
        ),
        (
            GOOD.replace("student: ada", "student: 4711"),
            "line 1: 0.student: found 4711; expected text, in quotes",
        ),
        (
            "ada: 3\n- x\n",
            "line 2: found an indentation that matches no line above",
        ),
        ("ada: 3\n", "line 1: found a mapping; expected a list, such as [one, two]"),
    ],
)
def test_extensions_that_are_wrong_are_refused_with_their_lines(
    extensions: str, message: str, tmp_path: Path
) -> None:
    """The message says what was found and expected, and the tip what to do."""
    with pytest.raises(CourseError) as caught:
        course(tmp_path, extensions=extensions)
    assert caught.value.message == f"extensions.yml, {message}"
    assert caught.value.tip
