"""Marks as LTI scores, on a platform that checks them by the specification."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from courses import NAME, ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from lti_platform import SCORE_SCHEMA, Fault, LtiPlatform

from autograder.course import Course, LtiSettings, load_course, load_lti
from autograder.errors import AutograderError, CourseError, ExportError
from autograder.outputs.lti import Ledger, Platform, plan, post, read_users, score_of
from autograder.outputs.lti.platform import scores_url
from autograder.outputs.marks import Mark, MarkStatus, no_mark

NOW = datetime(2027, 2, 16, 12, 0, 0, 250_000, tzinfo=timezone.utc)
USERS = {"ada": "lti-1", "emmy": "lti-2", "grace": "lti-3"}


def mark(student: str, score: float | None = 17.25, **fields: bool) -> Mark:
    """A mark of the first assignment."""
    status = MarkStatus.GRADER_ERROR if score is None else MarkStatus.GRADED
    return Mark(
        student=student, assignment=NAME, status=status, score=score, max_score=18, **fields
    )


@pytest.fixture
def platform() -> Iterator[LtiPlatform]:
    """A platform that serves, with three students."""
    with LtiPlatform(*USERS.values()).serving() as served:
        yield served


class Course18:
    """A course folder whose marks go to a platform.

    Args:
        root: Its folder, with lti.yml.
        waits: Takes the seconds of each wait.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ledger = root / "exports" / "lti.jsonl"
        self.waits: list[float] = []

    @property
    def settings(self) -> LtiSettings:
        """What lti.yml says."""
        return load_lti(self.course)

    @property
    def course(self) -> Course:
        """The course."""
        return load_course(self.root)

    def post(
        self,
        marks: Sequence[Mark],
        users: Mapping[str, str] = USERS,
        clock: Callable[[], datetime] = lambda: NOW,
    ) -> dict[str, str]:
        """Post marks, and return the reason of each failure, "" for none, by student."""
        with Ledger(self.ledger) as ledger:
            postings = plan(marks, self.settings.line_items, users, ledger)
            platform = Platform(self.settings, self.waits.append)
            return {p.student: why for p, why in post(postings, platform, ledger, clock)}


@pytest.fixture
def folder(tmp_path: Path, platform: LtiPlatform) -> Course18:
    """A course whose first assignment has a line item."""
    (tmp_path / "course.yml").write_bytes((ROOT / "course.yml").read_bytes())
    platform.write_settings(tmp_path, NAME)
    return Course18(tmp_path)


@pytest.mark.parametrize(
    ("given_mark", "progress", "number"),
    [
        (mark("ada"), ("Completed", "FullyGraded"), 17.25),
        (mark("ada", 0), ("Completed", "FullyGraded"), 0),
        (mark("ada", None), ("Submitted", "Pending"), None),
        (mark("ada", needs_manual_grade=True), ("Submitted", "PendingManual"), 17.25),
        (
            mark("ada", needs_manual_grade=True, is_partial=True),
            ("Submitted", "PendingManual"),
            None,
        ),
    ],
    ids=["graded", "zero", "grader error", "look at it", "answer in words"],
)
def test_mark_is_mapped_to_progress_and_number(
    given_mark: Mark, progress: tuple[str, str], number: float | None
) -> None:
    """A grader error and points that a person owes are no number; a zero is one."""
    score = score_of(given_mark, "lti-1")
    assert score is not None
    assert (score.activity_progress, score.grading_progress) == progress
    assert score.score_given == number


def test_missing_submission_is_not_posted() -> None:
    """The platform knows that nothing was handed in; a score of ours would only overwrite."""
    assert score_of(no_mark("ada", NAME, 18), "lti-1") is None


@given(st.floats(0, 1000), st.floats(0.001, 1000), st.floats(0, 50), st.text(min_size=1))
def test_every_body_is_a_score_by_the_schema(
    points: float, maximum: float, penalty: float, user: str
) -> None:
    """Whatever a mark is, its body has what the specification asks for."""
    given_mark = Mark(
        student="ada",
        assignment=NAME,
        status=MarkStatus.GRADED,
        score=points,
        max_score=maximum,
        late_penalty=penalty,
    )
    score = score_of(given_mark, user[:255])
    assert score is not None
    body = json.loads(score.body(NOW.replace(microsecond=0)))
    Draft202012Validator(SCORE_SCHEMA).validate(body)
    assert body["scoreGiven"] == pytest.approx(points, abs=1e-4)


def test_class_is_posted_once(folder: Course18, platform: LtiPlatform) -> None:
    """Everybody's number or status arrives; the same marks are not sent again."""
    marks = [mark("ada"), mark("emmy", 0), mark("grace", None), mark("maria", 3)]
    assert folder.post(marks) == {"ada": "", "emmy": "", "grace": ""}
    assert [platform.number(NAME, user) for user in USERS.values()] == [17.25, 0, None]
    assert platform.results[NAME, "lti-3"]["gradingProgress"] == "Pending"
    assert folder.post(marks) == {}
    assert len(platform.requests) == 3
    assert len(platform.assertions) == 1, "one token for the class"


def test_second_attempt_that_was_not_graded_takes_the_number_back(
    folder: Course18, platform: LtiPlatform
) -> None:
    """The first attempt's mark does not stay without a word."""
    folder.post([mark("ada")])
    folder.post([mark("ada", None)])
    assert platform.number(NAME, "lti-1") is None


def test_changed_mark_is_newer_though_the_clock_went_back(
    folder: Course18, platform: LtiPlatform
) -> None:
    """Canvas answers 400 to an older score, whatever our clock says."""
    folder.post([mark("ada", 3)])
    early = NOW - timedelta(hours=1)
    assert folder.post([mark("ada", 5)], clock=lambda: early) == {"ada": ""}
    assert platform.number(NAME, "lti-1") == 5


def test_platform_that_compares_seconds_takes_a_quick_change(tmp_path: Path) -> None:
    """Moodle refuses a second score of the same second."""
    (tmp_path / "course.yml").write_bytes((ROOT / "course.yml").read_bytes())
    with LtiPlatform("lti-1", compares_seconds=True).serving() as moodle:
        moodle.write_settings(tmp_path, NAME)
        folder = Course18(tmp_path)
        moodle.faults = [Fault(), Fault(is_processed=True)]
        assert folder.post([mark("ada", 3)]) == {"ada": ""}
        assert folder.post([mark("ada", 5)]) == {"ada": ""}
        assert moodle.number(NAME, "lti-1") == 5


def test_busy_platform_is_waited_for_as_it_asks(folder: Course18, platform: LtiPlatform) -> None:
    """Retry-After counts, in seconds or as a date; without it, the waits double."""
    date = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    platform.faults = [Fault(429, {"Retry-After": "7"}), Fault(503), Fault(429, date)]
    assert folder.post([mark("ada")]) == {"ada": ""}
    assert folder.waits == [7, 4, 0]
    assert platform.number(NAME, "lti-1") == 17.25


def test_lost_answer_is_asked_for_again(folder: Course18, platform: LtiPlatform) -> None:
    """A connection may break before or after the score was taken; either way it is there once."""
    platform.faults = [Fault(), Fault(is_processed=True)]
    assert folder.post([mark("ada")]) == {"ada": ""}
    times = [request["timestamp"] for request in platform.requests]
    assert times == sorted(set(times)), "each attempt is later than the one before"
    assert platform.number(NAME, "lti-1") == 17.25


def test_unknown_user_fails_alone(folder: Course18, platform: LtiPlatform) -> None:
    """One student's failure is told in the platform's words, and the others go on."""
    users = {**USERS, "ada": "nobody"}
    failures = folder.post([mark("ada"), mark("emmy")], users)
    assert "HTTP 422" in failures["ada"]
    assert "User not found in course" in failures["ada"]
    assert failures["emmy"] == ""
    assert set(folder.post([mark("ada"), mark("emmy")], users)) == {"ada"}
    assert len(platform.requests) == 3


def test_platform_that_is_down_is_not_asked_for_everybody(
    folder: Course18, platform: LtiPlatform
) -> None:
    """After three students without an answer the rest is left for the next run."""
    users = {f"student{n}": f"lti-{n}" for n in range(6)}
    platform.faults = [Fault(500)] * 100
    failures = folder.post([mark(student) for student in users], users)
    assert len(platform.faults) == 100 - 3 * 5
    assert list(failures.values())[3:] == ["not tried: the platform does not answer"] * 3


def test_expired_token_is_renewed(folder: Course18, platform: LtiPlatform) -> None:
    """A token that the platform has withdrawn is asked for again, with an unused assertion."""

    def clock() -> datetime:
        if len(platform.requests) == 1:
            platform.tokens.clear()
        return NOW

    assert folder.post([mark("ada"), mark("emmy")], clock=clock) == {"ada": "", "emmy": ""}
    assert len(set(platform.assertions)) == 2


def test_refused_client_ends_the_posting(folder: Course18, platform: LtiPlatform) -> None:
    """Without a token nobody's mark can be posted, so it says so once, without the key."""
    path = folder.root / "lti.yml"
    path.write_text(path.read_text().replace("audience: https", "audience: http"), "utf-8")
    with pytest.raises(ExportError, match="invalid_client: wrong audience") as error:
        folder.post([mark("ada"), mark("emmy")])
    assert "audience" in error.value.tip
    assert not platform.requests


@pytest.mark.parametrize("status", [200, 302, 404], ids=str)
def test_token_endpoint_that_is_none_is_told(
    folder: Course18, platform: LtiPlatform, status: int
) -> None:
    """A wrong token_url is a mistake in lti.yml."""
    platform.token_faults = [Fault(status, {"Location": "/token"})] * 5
    with pytest.raises(ExportError, match="gives no token"):
        folder.post([mark("ada")])


def test_busy_token_endpoint_is_waited_for(folder: Course18, platform: LtiPlatform) -> None:
    """Before the first score as after it."""
    platform.token_faults = [Fault(503), Fault(), Fault(502, {"Retry-After": "3"})]
    assert folder.post([mark("ada")]) == {"ada": ""}
    assert folder.waits == [2, 4, 3]


def test_redirect_is_not_followed(folder: Course18, platform: LtiPlatform) -> None:
    """A token goes to the address in lti.yml and to no other."""
    platform.faults = [Fault(307, {"Location": f"{platform.url}/elsewhere"})]
    assert "HTTP 307" in folder.post([mark("ada")])["ada"]
    assert not platform.requests


def test_killed_posting_goes_on(folder: Course18, platform: LtiPlatform) -> None:
    """What was under way is posted again, later than before; what was accepted is not."""
    folder.post([mark("ada"), mark("emmy")])
    *accepted, _last = folder.ledger.read_bytes().splitlines(keepends=True)
    folder.ledger.write_bytes(b"".join(accepted) + b'{"line_item": "htt')
    assert folder.post([mark("ada"), mark("emmy")]) == {"emmy": ""}
    assert len(platform.requests) == 3
    assert folder.post([mark("ada"), mark("emmy")]) == {}, "the cut line is gone"


def test_ledger_is_private_and_holds_no_secret(folder: Course18, platform: LtiPlatform) -> None:
    """It has marks, and neither the key nor a token."""
    folder.post([mark("ada")])
    assert folder.ledger.stat().st_mode & 0o077 == 0
    content = folder.ledger.read_text()
    secrets = [*platform.tokens, *platform.assertions, *platform.key.decode().splitlines()[1:-1]]
    assert not [secret for secret in secrets if secret in content]


def test_damaged_ledger_is_not_guessed_at(folder: Course18) -> None:
    """A line that is no entry stops the posting."""
    folder.ledger.parent.mkdir()
    folder.ledger.write_text("{}\n")
    with pytest.raises(ExportError, match="is damaged"):
        folder.post([mark("ada")])


def test_two_postings_exclude_each_other(folder: Course18) -> None:
    """The second one says so; looking on is allowed."""
    with Ledger(folder.ledger):
        with pytest.raises(ExportError, match="Another export is posting"):
            folder.post([mark("ada")])
        with Ledger(folder.ledger, read_only=True) as ledger:
            assert ledger.posted("x", "y") is None


def test_students_with_the_same_user_id_are_not_posted(
    folder: Course18, platform: LtiPlatform
) -> None:
    """Nobody gets the mark of somebody else."""
    assert folder.post([mark("ada"), mark("emmy")], {"ada": "lti-1", "emmy": "lti-1"}) == {}
    assert not platform.requests


@pytest.mark.parametrize(
    ("mode", "content", "message"),
    [
        (0o644, None, "others can read"),
        (0o600, b"-----BEGIN PRIVATE KEY-----\nsecret\n", "is not a private RSA key"),
        (0o600, b"", "is not a private RSA key"),
    ],
)
def test_key_that_cannot_be_used_is_told(
    folder: Course18, mode: int, content: bytes | None, message: str
) -> None:
    """The message names the file and quotes nothing of it."""
    key = folder.root / "lti.key"
    if content is not None:
        key.write_bytes(content)
    key.chmod(mode)
    with pytest.raises(ExportError, match=message) as error:
        Platform(folder.settings)
    assert "secret" not in f"{error.value} {error.value.tip}"


def test_missing_key_is_told(folder: Course18) -> None:
    """The message names the file."""
    (folder.root / "lti.key").unlink()
    with pytest.raises(ExportError, match=r"lti\.key.*cannot be read"):
        Platform(folder.settings)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("token_url: http", "token_url: ftp", "begins with https://"),
        ("http://127.0.0.1", "http://school.example", "begins with https://"),
        ("client_id", "cliend_id", 'did you mean "client_id"'),
        (NAME, "01-first-trainig", f'did you mean "{NAME}"'),
        ("private_key: lti.key", "", "private_key: missing"),
    ],
)
def test_mistake_in_lti_yml_is_explained(
    folder: Course18, before: str, after: str, message: str
) -> None:
    """As in course.yml: the line, what was found, what was expected."""
    path = folder.root / "lti.yml"
    path.write_text(path.read_text().replace(before, after), "utf-8")
    with pytest.raises(CourseError) as error:
        load_lti(folder.course)
    assert message in error.value.message
    assert "lti.yml, line" in error.value.message


def test_course_without_lti_yml_is_told_how_to_write_it(tmp_path: Path) -> None:
    """The tip names the page."""
    (tmp_path / "course.yml").write_bytes((ROOT / "course.yml").read_bytes())
    with pytest.raises(CourseError, match=r"no .*lti\.yml") as error:
        load_lti(load_course(tmp_path))
    assert "docs/lti.md" in error.value.tip


def test_query_of_a_line_item_stays() -> None:
    """Moodle's line items have one."""
    assert scores_url("https://x/lineitems/2/lineitem?type_id=1") == (
        "https://x/lineitems/2/lineitem/scores?type_id=1"
    )
    assert scores_url("https://x/line_items/7/") == "https://x/line_items/7/scores"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("student_id,lti_user_id\nada,u-1\nemmy,\n,u-3\n", {"ada": "u-1"}),
        ("Student,ID,SIS Login ID\nAda,17,ada\n", {"ada": "17"}),
    ],
)
def test_user_ids_come_from_a_list(
    content: str, expected: Mapping[str, str], tmp_path: Path
) -> None:
    """A list of our own making, or the gradebook that Canvas exported."""
    (tmp_path / "users.csv").write_text(content, "utf-8")
    assert read_users(tmp_path / "users.csv") == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("student_id,name\nada,Ada\n", 'no column "lti_user_id"'),
        ("login,user_id\nada,1\n", "no column with the course's ids"),
        ("student_id,user_id\nada,1\nada,2\n", "two platform ids for ada"),
    ],
)
def test_list_without_user_ids_is_told(content: str, message: str, tmp_path: Path) -> None:
    """No id is guessed."""
    (tmp_path / "users.csv").write_text(content, "utf-8")
    with pytest.raises(AutograderError, match=message):
        read_users(tmp_path / "users.csv")


def test_late_penalty_is_told_beside_the_number() -> None:
    """The comment says why the number is lower than the checks' points."""
    late = mark("ada").model_copy(update={"late_penalty": 1.5})
    score = score_of(late, "lti-1")
    assert score is not None
    assert json.loads(score.body(NOW))["comment"] == "1.5 points off for a late submission."
