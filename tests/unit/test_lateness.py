"""What lateness costs: examples computed by hand, and what must hold for all of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback import late_sentences
from autograder.lateness import (
    LatePenalty,
    LateRules,
    LateSubmission,
    Unit,
    days_after,
    late_penalties,
    late_penalty,
)

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2027, 2, 15, 23, 59, tzinfo=timezone(timedelta(hours=1)))
DAY, HOUR, MINUTE, SECOND = (
    timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds")
)
BY_DAY = LateRules(percent=10)
BY_HOUR = LateRules(percent=2, unit=Unit.HOUR)
CAPPED = LateRules(percent=10, most_percent=50)
GRACE = LateRules(percent=10, grace=15 * MINUTE)
CLOSES = LateRules(percent=10, close_after_days=7)
CLOSES_AT_ONCE = LateRules(close_after_days=0, grace=15 * MINUTE)

# Points earned of 18, how late, rules, slack days, points off.
EXAMPLES = [
    (14, -HOUR, BY_DAY, 0, 0),
    (14, 0 * DAY, BY_DAY, 0, 0),
    (14, SECOND, BY_DAY, 0, 1.8),
    (14, DAY, BY_DAY, 0, 1.8),
    (14, DAY + SECOND, BY_DAY, 0, 3.6),
    (14, 2 * DAY, BY_DAY, 0, 3.6),
    (3, 2 * DAY, BY_DAY, 0, 3),
    (0, 2 * DAY, BY_DAY, 0, 0),
    (-1, 2 * DAY, BY_DAY, 0, 0),
    (14, HOUR, BY_HOUR, 0, 0.36),
    (14, 5 * HOUR + SECOND, BY_HOUR, 0, 2.16),
    (14, 9 * DAY, CAPPED, 0, 9),
    (14, 5 * DAY, CAPPED, 0, 9),
    (14, 15 * MINUTE, GRACE, 0, 0),
    (14, 15 * MINUTE + SECOND, GRACE, 0, 1.8),
    (14, DAY + MINUTE, GRACE, 0, 3.6),
    (14, 7 * DAY, CLOSES, 0, 12.6),
    (14, 7 * DAY + SECOND, CLOSES, 0, 14),
    (14, 7 * DAY + SECOND, CLOSES, 9, 14),
    (14, 10 * MINUTE, CLOSES_AT_ONCE, 0, 0),
    (14, 20 * MINUTE, CLOSES_AT_ONCE, 0, 14),
    (14, 3 * DAY, BY_DAY, 1, 3.6),
    (14, 3 * DAY, BY_DAY, 3, 0),
    (14, 3 * DAY, BY_DAY, 5, 0),
    (14, DAY + 3 * HOUR, BY_HOUR, 1, 1.08),
    (14, 3 * HOUR, BY_HOUR, 1, 0),
    (14, 3 * DAY, LateRules(), 0, 0),
]


def off(penalty: LatePenalty | None) -> float:
    """Points off, 0 on time."""
    return 0 if penalty is None else penalty.points


@pytest.mark.parametrize(("earned", "late", "rules", "slack", "expected"), EXAMPLES)
def test_penalty_is_as_computed_by_hand(
    earned: float, late: timedelta, rules: LateRules, slack: int, expected: float
) -> None:
    """Of 18 points; a day or an hour counts as soon as it has begun."""
    assert off(late_penalty((earned, 18), DUE + late, DUE, rules, slack)) == expected


@pytest.mark.parametrize(
    ("due", "submitted", "days", "without_zone"),
    [
        # In the night of 2027-03-28 Berlin's clocks skip an hour: the day has 23 hours.
        ("2027-03-27T23:59:00+01:00", "2027-03-28T23:59:00+02:00", 1, 1),
        ("2027-03-27T23:59:00+01:00", "2027-03-29T00:30:00+02:00", 2, 1),
        # In the night of 2027-10-31 they repeat one: it has 25 hours.
        ("2027-10-30T23:59:00+02:00", "2027-10-31T23:59:00+01:00", 1, 2),
        ("2027-10-30T23:59:00+02:00", "2027-10-31T23:59:01+01:00", 2, 2),
        # A time of day that occurs twice is the second one, one that is skipped is later.
        ("2027-10-30T02:30:00+02:00", "2027-10-31T02:30:00+01:00", 1, 2),
        ("2027-03-27T02:30:00+01:00", "2027-03-28T03:30:00+02:00", 1, 1),
        ("2027-03-27T02:30:00+01:00", "2027-03-28T03:30:01+02:00", 2, 2),
    ],
)
def test_day_late_ends_at_the_same_time_of_day(
    due: str, submitted: str, days: int, without_zone: int
) -> None:
    """Where the zone is known; else after 24 hours."""
    times = datetime.fromisoformat(submitted), datetime.fromisoformat(due)
    for zone, expected in ((BERLIN, days), (None, without_zone)):
        penalty = late_penalty((18, 18), *times, BY_DAY, zone=zone)
        assert penalty is not None
        assert penalty.units == expected


def test_hours_late_are_hours_also_where_the_clock_is_set() -> None:
    """From 01:59 to 03:01 in that night are two minutes."""
    due = datetime.fromisoformat("2027-03-28T01:59:00+01:00")
    submitted = datetime.fromisoformat("2027-03-28T03:01:00+02:00")
    penalty = late_penalty((18, 18), submitted, due, BY_HOUR, zone=BERLIN)
    assert penalty is not None
    assert penalty.units == 1


def test_last_moment_of_all_is_late() -> None:
    """A time that a person forged breaks nothing."""
    last = datetime.max.replace(tzinfo=timezone.utc)
    for zone in (None, BERLIN, ZoneInfo("America/New_York")):
        assert off(late_penalty((14, 18), last, DUE, BY_DAY, zone=zone)) == 14


def submission(name: str, week: int, late: timedelta, **fields: object) -> LateSubmission:
    """A submission of an assignment that is due some weeks after the first."""
    due = DUE + week * 7 * DAY
    made = LateSubmission(
        assignment=name,
        earned=14,
        max_score=20,
        submitted_at=due + late,
        due=due,
        extended_due=(),
        rules=BY_DAY,
    )
    return LateSubmission(**{**vars(made), **fields})


def test_slack_days_are_spent_in_the_order_of_due_dates() -> None:
    """Whatever the order of the course; what is on time or has no time spends none."""
    submissions = [
        submission("third", 3, 3 * DAY),
        submission("second", 2, -DAY),
        submission("no time", 1, DAY, submitted_at=None),
        submission("first", 0, 2 * DAY),
        submission("no due date", 1, DAY, due=None),
    ]
    penalties = late_penalties(submissions, slack_days=3)
    spent = {name: (p.slack_days, p.points) for name, p in penalties.items()}
    assert spent == {"first": (2, 0), "third": (1, 4)}


def test_slack_days_are_kept_where_they_would_save_nothing() -> None:
    """After the close, and where lateness costs nothing."""
    submissions = [
        submission("closed", 0, 9 * DAY, rules=CLOSES),
        submission("free", 1, 2 * DAY, rules=LateRules()),
        submission("last", 2, 2 * DAY),
    ]
    penalties = late_penalties(submissions, slack_days=2)
    assert {name: p.slack_days for name, p in penalties.items()} == {
        "closed": 0,
        "free": 0,
        "last": 2,
    }


def test_latest_due_date_counts() -> None:
    """Of the assignment's and a student's own; an earlier one changes nothing."""
    own = (DUE - DAY, (DUE + 2 * DAY).astimezone(timezone.utc), DUE + DAY)
    (penalty,) = late_penalties([submission("a", 0, 3 * DAY, extended_due=own)]).values()
    assert penalty.units == 1
    assert penalty.due == DUE + 2 * DAY
    assert penalty.due.utcoffset() == HOUR


def sentence(rules: LateRules, late: timedelta, slack: int = 0, earned: float = 14) -> str:
    """What the report says of a late submission."""
    penalty = late_penalty((earned, 18), DUE + late, DUE, rules, slack)
    assert penalty is not None
    return late_sentences(penalty)[0].replace("\N{MINUS SIGN}", "-")


def test_words_show_the_arithmetic() -> None:
    """Whoever reads them can compute the mark again."""
    assert [
        sentence(BY_DAY, 2 * DAY),
        sentence(BY_HOUR, HOUR, earned=1),
        sentence(CAPPED, 9 * DAY),
        sentence(CAPPED, 5 * DAY),
        sentence(CLOSES, 9 * DAY),
        sentence(BY_DAY, 3 * DAY, slack=1),
        sentence(BY_DAY, DAY, slack=1),
        sentence(LateRules(), DAY),
        sentence(BY_DAY, 2 * DAY, earned=3),
    ] == [
        "14 points, 2 days late at 10% of 18 points a day: 14 - 3.6 = 10.4.",
        "1 point, 1 hour late at 2% of 18 points an hour: 1 - 0.36 = 0.64.",
        "14 points, 9 days late at 10% of 18 points a day, at most 50%: 14 - 9 = 5.",
        "14 points, 5 days late at 10% of 18 points a day: 14 - 9 = 5.",
        (
            "9 days late, and submissions get no points from 7 days after the due date on: "
            "14 - 14 = 0."
        ),
        (
            "14 points, 3 days late, 1 slack day used, so 2 days at 10% of 18 points a day: "
            "14 - 3.6 = 10.4."
        ),
        "1 day late, and 1 slack day used: no points off.",
        "1 day late: no points off.",
        "3 points, 2 days late at 10% of 18 points a day, at most what was earned: 3 - 3 = 0.",
    ]


def test_words_show_the_times_in_the_zone_of_the_due_date() -> None:
    """A student in Berlin reads Berlin's clock."""
    submitted = (DUE + 2 * DAY).astimezone(timezone.utc)
    penalty = late_penalty((14, 18), submitted, DUE, BY_DAY)
    assert penalty is not None
    assert late_sentences(penalty)[1] == (
        "It was due 2027-02-15 23:59:00+01:00 and handed in 2027-02-17 23:59:00+01:00."
    )


points = st.floats(0, 1000, allow_nan=False)
delays = st.timedeltas(-3 * DAY, 400 * DAY)
zones = st.sampled_from([None, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")])
dues = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2035, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(timezone.utc),
)
rules = st.builds(
    LateRules,
    percent=st.floats(0, 100),
    unit=st.sampled_from(Unit),
    most_percent=st.floats(0, 100),
    grace=st.timedeltas(timedelta(), DAY),
    close_after_days=st.none() | st.integers(0, 30),
)
slack = st.integers(0, 10)


@given(points, points, delays, dues, rules, slack, zones)
def test_penalty_is_never_negative_and_never_more_than_earned(
    earned: float,
    max_score: float,
    delay: timedelta,
    due: datetime,
    rules: LateRules,
    slack: int,
    zone: ZoneInfo | None,
) -> None:
    """Nor more than the cap, unless it is closed; and no more slack days are spent than left."""
    penalty = late_penalty((earned, max_score), due + delay, due, rules, slack, zone)
    if penalty is None:
        assert delay <= rules.grace
        return
    assert delay > rules.grace
    assert 0 <= penalty.points <= earned
    assert 0 <= penalty.slack_days <= slack
    assert 0 <= penalty.charged <= penalty.units
    if not penalty.closed:
        assert penalty.points <= max_score * rules.most_percent / 100 + 1e-4


@given(points, delays, delays, dues, rules, slack, zones)
def test_later_is_never_cheaper(
    earned: float,
    one: timedelta,
    other: timedelta,
    due: datetime,
    rules: LateRules,
    slack: int,
    zone: ZoneInfo | None,
) -> None:
    """Whatever the zone, and with slack days."""
    earlier, later = (
        off(late_penalty((earned, 100), due + delay, due, rules, slack, zone))
        for delay in sorted((one, other))
    )
    assert earlier <= later


@given(dues, st.lists(delays, min_size=1, max_size=4), rules, slack, zones, st.data())
def test_extension_never_hurts(
    due: datetime,
    delays: list[timedelta],
    rules: LateRules,
    slack: int,
    zone: ZoneInfo | None,
    data: st.DataObject,
) -> None:
    """Neither in its assignment nor, through slack days, in a later one."""
    submissions = [
        LateSubmission(str(n), 80, 100, due + n * DAY + delay, due + n * DAY, (), rules)
        for n, delay in enumerate(delays)
    ]
    extended = data.draw(st.integers(0, len(delays) - 1))
    old = submissions[extended]
    own = due + data.draw(st.timedeltas(-DAY, 30 * DAY))
    new = LateSubmission(**{**vars(old), "extended_due": (own,)})
    before = late_penalties(submissions, slack, zone)
    submissions[extended] = new
    after = late_penalties(submissions, slack, zone)
    # A submission that an extension opens again may spend slack days.
    reopened = str(extended) in before and before[str(extended)].closed
    names = [str(extended)] if reopened else [s.assignment for s in submissions]
    for name in names:
        assert off(after.get(name)) <= off(before.get(name))


@given(dues, st.integers(0, 400), zones)
def test_days_follow_one_another(due: datetime, days: int, zone: ZoneInfo | None) -> None:
    """Each is 22 to 26 hours after the one before."""
    step = days_after(due, days + 1, zone) - days_after(due, days, zone)
    assert (step == DAY) if zone is None else (22 * HOUR <= step <= 26 * HOUR)
