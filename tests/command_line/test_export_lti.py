"""`autograder export lti`: marks posted to a platform on loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import COMMAND, run
from courses import NAME, ROOT
from grades import make_grade, make_verdict
from lti_platform import LtiPlatform

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.grading import GradeStore
from autograder.outputs.gradebook.database import open_gradebook
from autograder.results import Outcome

STUDENTS = ("ada", "emmy", "grace", "maria")


@pytest.fixture
def platform() -> Iterator[LtiPlatform]:
    """A platform that serves; it knows everybody but Maria."""
    with LtiPlatform("lti-ada", "lti-emmy", "lti-grace").serving() as served:
        yield served


@pytest.fixture
def graded(tmp_path: Path, platform: LtiPlatform, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with four Grades, one of them a grader error, and lti.yml."""
    monkeypatch.setenv("COLUMNS", "200")
    shutil.copy(ROOT / "course.yml", tmp_path)
    store = GradeStore(tmp_path / "grades" / NAME)
    for student in STUDENTS:
        outcome = Outcome.GRADER_ERROR if student == "grace" else Outcome.PASSED
        store.write(make_grade(make_verdict(outcome=outcome), student=student))
    lines = [f"{student},lti-{student}" for student in STUDENTS]
    (tmp_path / "users.csv").write_text("\n".join(["student_id,lti_user_id", *lines]))
    platform.write_settings(tmp_path, NAME)
    return tmp_path


def test_dry_run_shows_what_will_be_posted(graded: Path, platform: LtiPlatform) -> None:
    """Who gets what, with the user id and the remark; nothing is sent and nothing written."""
    before = sorted(graded.rglob("*"))
    done = run(graded, "export", "lti", NAME, "--roster", "users.csv", "--dry-run")
    assert done.returncode == INCOMPLETE, done.stderr
    assert "lti-ada" in done.stdout
    assert "3/3" in done.stdout
    assert "not graded, so no mark" in done.stdout
    assert "Nothing was posted." in done.stdout
    assert not platform.requests
    assert sorted(graded.rglob("*")) == before


def test_export_posts_and_tells_each_failure(graded: Path, platform: LtiPlatform) -> None:
    """One line per failure, the others go on, nothing is sent twice, and no secret is shown."""
    done = run(graded, "--debug", "export", "lti", "--roster", "users.csv")
    assert done.returncode == INCOMPLETE
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Not posted")]
    assert line.startswith(f"Not posted: maria, {NAME}: HTTP 422")
    assert "Posted 3 scores, 1 failed." in done.stdout
    numbers = [platform.number(NAME, f"lti-{student}") for student in STUDENTS]
    assert numbers == [3, 3, None, None]
    again = run(graded, "export", "lti", "--roster", "users.csv")
    assert "1 score to post, 3 posted before." in again.stdout
    shown = done.stdout + done.stderr + again.stdout + again.stderr
    assert not [secret for secret in (*platform.tokens, *platform.assertions) if secret in shown]
    assert "PRIVATE KEY" not in shown


def test_user_ids_come_from_the_gradebook(graded: Path, platform: LtiPlatform) -> None:
    """A roster has filled them in; whoever has none is listed, and the exit status says so."""
    with open_gradebook(graded / "gradebook.db", "") as gradebook:
        gradebook.update_or_create_student("ada", lms_user_id="lti-ada")
        gradebook.update_or_create_student("emmy", lms_user_id="lti-emmy")
    (graded / "grades" / NAME / "grace.json").unlink()
    done = run(graded, "export", "lti")
    assert done.returncode == INCOMPLETE, done.stderr
    assert "the platform's user id is unknown" in done.stdout
    assert platform.number(NAME, "lti-emmy") == 3
    (graded / "grades" / NAME / "maria.json").unlink()
    assert run(graded, "export", "lti").returncode == SUCCESS


@pytest.mark.slow
def test_killed_export_goes_on(graded: Path, platform: LtiPlatform) -> None:
    """After a kill with a score under way, the same command posts the rest, and nobody twice."""
    platform.hold(2)
    command = [*COMMAND, "export", "lti", "--roster", "users.csv"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=graded, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as export:
        assert platform.held.wait(120)
        export.kill()
    platform.released.set()
    done = run(graded, "export", "lti", "--roster", "users.csv")
    assert "3 scores to post, 1 posted before." in done.stdout
    users = [request["userId"] for request in platform.requests]
    assert users.count("lti-ada") == 1
    numbers = [platform.number(NAME, f"lti-{student}") for student in STUDENTS]
    assert numbers == [3, 3, None, None]


def test_assignment_without_a_line_item_is_told(graded: Path) -> None:
    """No traceback; the message says what is missing."""
    done = run(graded, "export", "lti", "02-house-prices")
    assert done.returncode == BAD_USAGE
    assert "no line item for 02-house-prices" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
