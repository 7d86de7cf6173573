"""What Gradescope gets of a Grade, and what we take of its metadata."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from courses import NAME, ROOT
from grades import (
    HINT,
    HOSTILE_TEXT,
    MESSAGE,
    make_grade,
    make_hostile_grade,
    make_rubric_grade,
    make_verdict,
)
from gradescope_results import read_results, total_is_shown
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.errors import ExportError, SubmissionError
from autograder.outputs.gradescope import (
    Earlier,
    SubmissionMetadata,
    grade_as_results,
    read_metadata,
    refusal_as_results,
)
from autograder.results import Outcome

ASSIGNMENT = load_course(ROOT).assignment(NAME)
NOTHING_KNOWN = SubmissionMetadata()
DUE = datetime(2027, 2, 15, 22, 59, tzinfo=timezone.utc)
LATER = "2027-02-16T00:05:30.000000+00:00"
METADATA = {
    "id": 123,
    "created_at": LATER,
    "assignment": {"due_date": "2027-02-15T23:59:00.000000+01:00", "late_due_date": None},
    "users": [{"id": 1, "name": HOSTILE_TEXT, "email": "a@example.org"}, {"id": 2}],
    "previous_submissions": [
        {"submission_time": "2027-02-14T10:00:00.000000+01:00", "score": "12.0", "results": {}},
        {"submission_time": "2027-02-15T10:00:00.000000+01:00", "score": 17.5, "results": {}},
        {
            "submission_time": "2027-02-15T11:00:00.000000+01:00",
            "score": 0,
            "autograder_error": True,
        },
    ],
}


def metadata(folder: Path, content: object) -> SubmissionMetadata:
    """What is read of some JSON."""
    path = folder / "submission_metadata.json"
    path.write_text(json.dumps(content))
    return read_metadata(path)


def test_every_check_becomes_a_test_with_points_and_hint() -> None:
    """Number, title, points, message and hint are where Gradescope shows them."""
    failed = make_verdict(max_points=3)
    titled = failed.model_copy(update={"title": "Training lowers the loss"})
    grade = make_grade(make_verdict("fit_returns_history", Outcome.PASSED, max_points=1), titled)
    results = read_results(grade_as_results(grade, NOTHING_KNOWN, 50.4))
    assert (results["score"], results["execution_time"]) == (1, 50)
    passed, failed_test = results["tests"]
    assert (passed["number"], passed["name"]) == ("1", "fit_returns_history")
    assert (passed["status"], passed["score"], passed["max_score"]) == ("passed", 1, 1)
    assert (failed_test["number"], failed_test["name"]) == ("2", "Training lowers the loss")
    assert (failed_test["status"], failed_test["score"], failed_test["max_score"]) == (
        "failed",
        0,
        3,
    )
    assert failed_test["output"] == f"{MESSAGE}\n{HINT}"
    assert failed_test["extra_data"] == {"check": "loss_goes_down", "outcome": "failed"}


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.FAILED, MESSAGE),
        (Outcome.NOT_ATTEMPTED, "Not attempted: "),
        (Outcome.TIMEOUT, "Out of time: "),
        (Outcome.RESOURCE_LIMIT, "Out of memory"),
    ],
)
def test_outcome_without_points_is_failed_and_told(outcome: Outcome, words: str) -> None:
    """Gradescope knows passed and failed; the output says which kind of failed it is."""
    grade = make_grade(make_verdict(outcome=outcome))
    (test,) = read_results(grade_as_results(grade, NOTHING_KNOWN, 1))["tests"]
    assert (test["status"], test["score"]) == ("failed", 0)
    assert test["output"].startswith(words)


def test_grader_error_gives_no_results_at_all() -> None:
    """Results without a score would be a zero, so there are none, and the message says why."""
    broken = make_verdict(outcome=Outcome.GRADER_ERROR, message="The disk is full.")
    with pytest.raises(ExportError, match="The disk is full") as error:
        grade_as_results(make_grade(broken), NOTHING_KNOWN, 1)
    assert "not the student's fault" in error.value.tip


def test_students_see_their_total_and_staff_alone_the_output() -> None:
    """No test is hidden, since that would hide the total; what the program prints is."""
    grade = make_rubric_grade(ASSIGNMENT.checks, {"loss_goes_down": Outcome.FAILED})
    results = read_results(grade_as_results(grade, NOTHING_KNOWN, 1))
    assert results["score"] == 15
    assert sum(test["max_score"] for test in results["tests"]) == ASSIGNMENT.max_score
    assert total_is_shown(results)
    assert results["stdout_visibility"] == "hidden"


def test_provenance_is_kept_and_flags_are_not() -> None:
    """What made the mark is in extra_data; suspicions are for staff, who read them in the log."""
    grade = make_rubric_grade(ASSIGNMENT.checks, flags=("The code reaches for frames.",))
    data = grade_as_results(grade, NOTHING_KNOWN, 1)
    extra = read_results(data)["extra_data"]
    assert extra["tier"] == "full"
    assert extra["seeds"] == {"kind": "grading", "fingerprint": "4f1c09ab77d2"}
    assert (extra["submission_sha256"], extra["course_sha256"]) == ("a" * 64, "b" * 64)
    assert b"reaches for frames" not in data


def test_hostile_text_stays_text() -> None:
    """Nothing that a student wrote is markup, an escape sequence or half a character."""
    results = read_results(grade_as_results(make_hostile_grade(), NOTHING_KNOWN, 1))
    formats = [results[f"{part}_format"] for part in ("output", "test_output", "test_name")]
    assert formats == ["text"] * 3
    (test,) = results["tests"]
    for text in (test["name"], test["output"], results["output"]):
        assert not {"\x1b", "\u202e", "\0"} & {*text}


def test_unsafe_run_is_told() -> None:
    """A mark that was made without a sandbox says so."""
    results = read_results(
        grade_as_results(make_grade(make_verdict()), NOTHING_KNOWN, 1, unsafe=True)
    )
    assert "without a sandbox" in results["output"]


def test_upload_without_a_notebook_gets_zero_and_what_to_upload() -> None:
    """The student is told at once and can upload again."""
    error = SubmissionError("Nothing can be graded: there is no notebook.", "Upload one notebook.")
    results = read_results(refusal_as_results(ASSIGNMENT, error, NOTHING_KNOWN, 0.2))
    (test,) = results["tests"]
    assert (results["score"], test["max_score"]) == (0, ASSIGNMENT.max_score)
    assert test["output"] == f"{error.message} {error.tip}"
    assert results["extra_data"]["outcome"] == "refused"


def test_metadata_tells_late_group_and_earlier_score(tmp_path: Path) -> None:
    """The newest earlier submission with a score counts, not one on which the autograder failed."""
    read = metadata(tmp_path, METADATA)
    assert read.late_by == timedelta(hours=1, minutes=6, seconds=30)
    assert read.users == 2
    assert read.earlier == Earlier(17.5, datetime(2027, 2, 15, 9, tzinfo=timezone.utc))


def test_late_group_submission_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """Lateness, the group and a score that fell are notes; the score is that of the checks."""
    grade = make_rubric_grade(ASSIGNMENT.checks, {"loss_goes_down": Outcome.FAILED})
    data = grade_as_results(grade, metadata(tmp_path, METADATA), 1)
    results = read_results(data)
    assert results["score"] == 15
    assert "1 hour 6 minutes after the due date" in results["output"]
    assert "group of 2" in results["output"]
    assert "17.5 points, and this one has 15" in results["output"]
    extra = results["extra_data"]
    assert (extra["late_seconds"], extra["group_size"], extra["earlier_score"]) == (3990, 2, 17.5)
    assert b"example.org" not in data, "no names, no addresses"


def test_score_that_did_not_fall_is_not_told(tmp_path: Path) -> None:
    """There is nothing to warn of."""
    grade = make_rubric_grade(ASSIGNMENT.checks)
    results = read_results(grade_as_results(grade, metadata(tmp_path, METADATA), 1))
    assert "earlier" not in results["output"]


def test_extension_moves_the_due_date(tmp_path: Path) -> None:
    """The latest due date of those who handed in together counts."""
    users = [
        {"assignment": {"due_date": "2027-02-15T22:59:00+00:00"}},
        {"assignment": {"due_date": "2027-02-17T22:59:00Z"}},
    ]
    read = metadata(tmp_path, {**METADATA, "users": users})
    assert read.due == DUE + timedelta(days=2)
    assert read.late_by is None


def test_missing_metadata_changes_nothing(tmp_path: Path) -> None:
    """Without the file, nothing is known."""
    assert read_metadata(tmp_path / "submission_metadata.json") == NOTHING_KNOWN


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TIMES = st.sampled_from([LATER, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9-14:00", "x"])
FIELDS = {
    "created_at": JSON | TIMES,
    "assignment": JSON | st.fixed_dictionaries({}, optional={"due_date": JSON | TIMES}),
    "users": JSON | st.lists(JSON | st.just({"assignment": {"due_date": LATER}}), max_size=3),
    "previous_submissions": JSON
    | st.lists(
        JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "score": JSON | st.sampled_from(["1e999", "nan", "7", 10**400]),
                "submission_time": JSON | TIMES,
                "autograder_error": JSON,
            },
        ),
        max_size=3,
    ),
}


@given(content=JSON | st.fixed_dictionaries({}, optional=FIELDS))
def test_any_metadata_gives_valid_results(
    content: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the JSON holds, nothing crashes, and the results are valid and keep the score."""
    read = metadata(tmp_path_factory.getbasetemp(), content)
    results = read_results(grade_as_results(make_rubric_grade(ASSIGNMENT.checks), read, 1))
    assert results["score"] == ASSIGNMENT.max_score


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"users": [' + b"9" * 5000 + b"]}", b"null"],
    ids=["empty", "cut", "bytes", "deep", "digits", "null"],
)
def test_malformed_metadata_is_unknown(data: bytes, tmp_path: Path) -> None:
    """A file that is no JSON object is as good as none."""
    path = tmp_path / "submission_metadata.json"
    path.write_bytes(data)
    assert read_metadata(path) == NOTHING_KNOWN
