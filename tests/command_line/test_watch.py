"""`autograder watch`: what arrives is answered, by nbgrader's real exchange, without training."""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from commands import run_here
from courses import NAME, ROOT
from fake_grader import RIGHT, FakeClass
from nbgrader_course import COURSE_ID, run

from autograder.errors import CourseError, GradebookError
from autograder.grading import GradeStore, Options, retries
from autograder.grading.watching import (
    Answer,
    ExchangeInbox,
    FolderInbox,
    Watcher,
    arrivals,
    watcher,
)
from autograder.outputs import Recorder
from autograder.results import Outcome

NOON = datetime(2027, 2, 15, 12, tzinfo=timezone.utc)
DUE = datetime.fromisoformat("2027-02-15T23:59:00+01:00")
_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = {course_id!r}
c.Exchange.root = {root!r}
c.ExchangeCollect.check_owner = False
"""


class WatchedClass(FakeClass):
    """A class whose submissions arrive in nbgrader's exchange, at times that a test sets."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        course = root / "course"
        course.mkdir()
        super().__init__(course, monkeypatch)
        self.exchange = root / "exchange"
        self.inbound = self.exchange / COURSE_ID / "inbound"
        self.inbound.mkdir(parents=True)
        self.exchange.chmod(0o777)
        config = _CONFIG.format(course_id=COURSE_ID, root=str(self.exchange))
        (course / "nbgrader_config.py").write_text(config)
        self.now = NOON
        self.told: list[str] = []
        self._arrived = 0

    def submit(self, student: str, data: bytes = RIGHT, *, whole: bool = True) -> Path:
        """Leave in the exchange what `nbgrader submit` does; returns the folder."""
        self._arrived += 1
        stamp = f"2027-02-15 11:00:{self._arrived:02}.000000 UTC"
        folder = self.inbound / f"{student}+{NAME}+{stamp}+r{self._arrived}"
        folder.mkdir()
        (folder / f"{NAME}.ipynb").write_bytes(data)
        if whole:
            (folder / "timestamp.txt").write_text(stamp)
            (folder / "submission_secret.txt").write_text(f"secret {self._arrived}")
        return folder

    def feedback(self, folder: Path) -> str:
        """The report that the student of a submission can fetch, or ""."""
        secret = (folder / "submission_secret.txt").read_bytes() + NAME.encode()
        name = hashlib.md5(secret, usedforsecurity=False).hexdigest()
        path = self.exchange / COURSE_ID / "feedback" / f"{name}.html"
        return path.read_text() if path.exists() else ""

    def watcher(self) -> Watcher:
        """A new watcher of the exchange."""
        course, practice = self.course, self.root / "practice"
        inbox = ExchangeInbox(course, practice / "submitted", practice / "feedback")
        options = Options(workers=1)
        return Watcher(course, [NAME], inbox, options, self.told.append, lambda: self.now)

    def step(self) -> list[Answer]:
        """What a new watcher answers."""
        with self.watcher() as watcher:
            return list(watcher.step())

    def configure(self, **settings: object) -> None:
        """Set `on_submit` in course.yml."""
        path = self.root / "course.yml"
        written = ", ".join(f"{key}: {str(value).lower()}" for key, value in settings.items())
        path.write_text(f"{path.read_text()}\non_submit: {{{written}}}\n")


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedClass:
    """A class with an exchange, and no submission yet."""
    return WatchedClass(tmp_path, monkeypatch)


def test_submission_that_arrives_is_answered_once(watched: WatchedClass) -> None:
    """The student can fetch practice feedback, and nothing is recorded."""
    folder = watched.submit("ada")
    (answer,) = watched.step()
    assert (answer.grade.student, answer.is_mark) == ("ada", False)
    assert "This is practice feedback" in watched.feedback(folder)
    (released,) = (watched.exchange / COURSE_ID / "feedback").glob("*.html")
    assert released.stat().st_mode & 0o777 == 0o644  # its student is another user
    assert watched.step() == []
    assert not GradeStore(watched.root / "grades" / NAME).students()


def test_same_file_handed_in_again_is_answered_for_its_own_receipt(watched: WatchedClass) -> None:
    """Nbgrader looks for each submission's feedback under another name."""
    first = watched.submit("ada")
    watched.step()
    second = watched.submit("ada")
    watched.step()
    assert watched.feedback(first)
    assert watched.feedback(second)


def test_submission_that_is_still_written_waits(watched: WatchedClass) -> None:
    """Half a submission is not taken, and does not keep the whole one out."""
    folder = watched.submit("ada", whole=False)
    assert watched.step() == []
    (folder / "timestamp.txt").write_text("2027-02-15 11:00:01.000000 UTC")
    assert watched.step() == []
    (folder / "submission_secret.txt").write_text("secret")
    assert [answer.grade.student for answer in watched.step()] == ["ada"]


def test_student_who_hands_in_often_waits(watched: WatchedClass) -> None:
    """Only the newest of the submissions that wait is answered, once an hour has passed."""
    watched.configure(practice_per_hour=2)
    for _ in range(2):
        watched.submit("ada")
        watched.step()
    watched.submit("ada")
    newest = watched.submit("ada")
    watched.submit("ben")
    assert [answer.grade.student for answer in watched.step()] == ["ben"]
    assert any("ada has had 2 answers in an hour" in notice for notice in watched.told)
    watched.now += timedelta(hours=1)
    assert [answer.grade.student for answer in watched.step()] == ["ada"]
    assert watched.feedback(newest)


def test_deadline_that_passes_makes_marks_once(watched: WatchedClass) -> None:
    """The mark is of what was there; a student with an extension keeps practicing."""
    watched.configure(mark_at_deadline=True)
    (watched.root / "extensions.yml").write_text(
        f"- {{student: ben, assignment: {NAME}, days: 2, reason: ill}}\n"
    )
    watched.outcomes["ada"] = {"loss_goes_down": Outcome.FAILED}
    folder = watched.submit("ada")
    watched.submit("ben")
    assert {answer.is_mark for answer in watched.step()} == {False}
    watched.now = DUE
    marks = [(answer.grade.student, answer.is_mark) for answer in watched.step()]
    assert marks == [("ada", True)]
    assert watched.scores() == {"ada": 15.0}
    assert "This is practice feedback" not in watched.feedback(folder)
    assert watched.step() == []
    watched.now = DUE + timedelta(days=2)
    assert [answer.grade.student for answer in watched.step()] == ["ben"]


def test_feedback_that_cannot_be_released_is_released_later(watched: WatchedClass) -> None:
    """The answer is not graded again for it."""
    blocked = watched.exchange / COURSE_ID / "feedback"
    blocked.write_text("not a folder")
    folder = watched.submit("ada")
    assert len(watched.step()) == 1
    assert any("cannot release feedback" in notice for notice in watched.told)
    blocked.unlink()
    graded = len(watched.graded)
    assert watched.step() == []
    assert len(watched.graded) == graded
    assert watched.feedback(folder)


def test_exchange_without_the_course_is_explained_once(watched: WatchedClass) -> None:
    """A watcher that was started too early waits, and says for what."""
    shutil.rmtree(watched.exchange / COURSE_ID)
    with watched.watcher() as watcher:
        assert list(watcher.step()) == list(watcher.step()) == []
    (notice,) = watched.told
    assert f"nbgrader cannot collect {NAME}" in notice
    assert "nbgrader release_assignment" in notice


def test_second_watcher_is_refused(watched: WatchedClass) -> None:
    """Two would answer the same submissions."""
    with (
        watched.watcher(),
        pytest.raises(CourseError, match="Another `autograder watch`"),
        watched.watcher(),
    ):
        pass


def test_changed_course_is_followed(watched: WatchedClass) -> None:
    """An extension that is given while the watcher runs counts."""
    watched.configure(mark_at_deadline=True)
    watched.submit("ben")
    with watched.watcher() as watcher:
        assert [answer.is_mark for answer in watcher.step()] == [False]
        (watched.root / "extensions.yml").write_text(
            f"- {{student: ben, assignment: {NAME}, days: 2, reason: ill}}\n"
        )
        watched.now = DUE
        assert list(watcher.step()) == []
        watched.now = DUE + timedelta(days=2)
        assert [answer.is_mark for answer in watcher.step()] == [True]


def test_folder_is_watched_without_an_exchange(watched: WatchedClass) -> None:
    """The reports are in practice/feedback/."""
    watched.hand_in("ada")
    inbox = FolderInbox(watched.root / "submitted")
    with Watcher(watched.course, [NAME], inbox, Options(workers=1)) as watcher:
        assert len(list(watcher.step())) == 1
    report = watched.root / "practice/feedback/ada" / NAME / f"{NAME}.html"
    assert "This is practice feedback" in report.read_text()


def test_student_with_fewest_answers_is_first(
    watched: WatchedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for those who hand in often; `--once` answers all that has arrived."""
    monkeypatch.setattr(arrivals, "_MOST_AT_ONCE", 1)
    watched.submit("ada")
    watched.step()
    for student in ("ada", "cyd", "ben"):
        watched.submit(student)
    with watched.watcher() as watching:
        first = list(watching.step())
        assert watching.has_more
        others = [*watching.step(), *watching.step()]
        assert not watching.has_more
    assert {answer.grade.student for answer in (*first, *others[:1])} == {"ben", "cyd"}
    assert others[1].grade.student == "ada"


def test_clock_that_was_set_back_locks_nobody_out(watched: WatchedClass) -> None:
    """Answers of the future were given while the clock was wrong."""
    watched.configure(practice_per_hour=1)
    watched.now += timedelta(days=4000)
    watched.submit("ada")
    watched.step()
    watched.now = NOON
    watched.submit("ada")
    assert len(watched.step()) == 1


def test_failure_of_the_grader_is_no_answer(watched: WatchedClass) -> None:
    """It costs no turn of the hour; a watcher tries the file once, and a new one once more."""
    watched.configure(practice_per_hour=1)
    watched.outcomes["ada"] = {"loss_goes_down": Outcome.GRADER_ERROR}
    folder = watched.submit("ada")
    with watched.watcher() as watching:
        assert len(list(watching.step())) == 1
        assert list(watching.step()) == []
    assert not watched.feedback(folder)
    assert any("ada got no answer" in notice for notice in watched.told)
    watched.outcomes.clear()
    assert len(watched.step()) == 1
    assert watched.feedback(folder)


def test_mark_that_the_grader_fails_is_tried_again_later(watched: WatchedClass) -> None:
    """Not in every step, which may be seconds apart; and nobody else waits for it."""
    watched.configure(mark_at_deadline=True)
    watched.now = DUE
    watched.outcomes["ada"] = {"loss_goes_down": Outcome.GRADER_ERROR}
    watched.submit("ada")
    with watched.watcher() as watching:
        assert [answer.grade.score for answer in watching.step()] == [None, None]  # practice, mark
        watched.outcomes.clear()
        watched.submit("ben")
        assert {answer.grade.student for answer in watching.step()} == {"ben"}
        watched.now += watcher.RETRY_MARK
        assert [answer.grade.student for answer in watching.step()] == ["ada"]
    assert watched.scores() == {"ada": 18.0, "ben": 18.0}


@pytest.mark.parametrize("when", ["__enter__", "record"])
def test_gradebook_that_cannot_be_written_delays_the_marks(
    watched: WatchedClass, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The watcher keeps answering, says what to fix once, and makes up for it."""
    watched.configure(mark_at_deadline=True)
    watched.now = DUE
    watched.submit("ada")

    def refuse(*_: object, **__: object) -> None:
        raise GradebookError("The gradebook is locked.", "Close what has it open.")

    with watched.watcher() as watching:
        with monkeypatch.context() as patched:
            patched.setattr(Recorder, when, refuse)
            assert [answer.is_mark for answer in watching.step()] == [False]
            assert list(watching.step()) == []
        told = [notice for notice in watched.told if "The gradebook is locked." in notice]
        assert len(told) == 1
        assert [answer.is_mark for answer in watching.step()] == [True]
    assert watched.scores() == {"ada": 18.0}


def test_answers_that_are_damaged_are_forgotten(watched: WatchedClass) -> None:
    """A time without a zone, or half a file, must not end the watcher each time it starts."""
    path = watched.root / "practice/answers" / NAME / "ada.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"at": ["2027-02-15T11:59:00"]}')
    watched.submit("ada")
    assert len(watched.step()) == 1


def test_file_that_is_still_copied_waits(watched: WatchedClass) -> None:
    """What is no notebook is answered once it no longer changes."""
    inbox = FolderInbox(watched.root / "submitted")
    watched.hand_in("ada", "ben", data=RIGHT[:1000])
    with Watcher(watched.course, [NAME], inbox, Options(workers=1)) as watching:
        assert list(watching.step()) == []
        assert watching.has_partial
        watched.hand_in("ada")
        answers = {answer.grade.student: answer.grade.outcome for answer in watching.step()}
        assert answers == {"ada": Outcome.PASSED, "ben": Outcome.FAILED}
        assert not watching.has_partial


def test_course_that_is_being_edited_stays_as_it_was(watched: WatchedClass) -> None:
    """A mistake in course.yml is told, and answers go on."""
    with watched.watcher() as watching:
        (watched.root / "course.yml").write_text("assignments: [")
        watched.submit("ada")
        assert len(list(watching.step())) == 1
    assert any("the course stays as it was" in notice for notice in watched.told)


def test_folder_that_is_missing_is_told_once(watched: WatchedClass) -> None:
    """It may be of a disk that is mounted later."""
    inbox = FolderInbox(watched.root / "later")
    with Watcher(
        watched.course, [NAME], inbox, Options(workers=1), watched.told.append
    ) as watching:
        assert list(watching.step()) == list(watching.step()) == []
    assert len(watched.told) == 1


def test_updated_package_ends_the_watcher(
    watched: WatchedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half old and half new code would make marks that nobody can explain."""
    with watched.watcher() as watching:
        monkeypatch.setattr(watcher, "package_digest", lambda: "newer")
        with pytest.raises(CourseError, match="was updated while the watcher runs"):
            list(watching.step())


def test_full_disk_delays_an_answer(watched: WatchedClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watcher goes on, and answers once there is room."""
    folder = watched.submit("ada")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "report.html")

    with monkeypatch.context() as full:
        full.setattr(watcher, "write_for_release", refuse)
        full.setattr(retries, "_DELAYS", ())
        assert watched.step() == []
    assert any("ada is answered once this is fixed" in notice for notice in watched.told)
    assert len(watched.step()) == 1
    assert watched.feedback(folder)


def test_mark_that_cannot_be_released_is_released_later(watched: WatchedClass) -> None:
    """The other students' marks are made meanwhile."""
    watched.configure(mark_at_deadline=True)
    watched.now = DUE
    folder = watched.submit("ada")
    blocked = watched.exchange / COURSE_ID / "feedback"
    blocked.write_text("not a folder")
    assert {answer.is_mark for answer in watched.step()} == {False}
    assert watched.scores() == {"ada": 18.0}
    blocked.unlink()
    assert [answer.is_mark for answer in watched.step()] == [True]
    assert "This is practice feedback" not in watched.feedback(folder)


def test_disk_that_fills_up_leaves_no_half_submission(
    watched: WatchedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was copied in part would never be replaced, and would be marked."""
    watched.submit("ada")

    def fill_up(source: str, target: str, **_: object) -> None:
        Path(target).mkdir(parents=True)
        for name in ("timestamp.txt", "submission_secret.txt"):
            shutil.copy(Path(source, name), target)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(shutil, "copytree", fill_up)
        assert watched.step() == []
    assert not (watched.root / "practice/submitted/ada" / NAME).exists()
    assert len(watched.step()) == 1


@pytest.fixture
def in_course(watched: WatchedClass, monkeypatch: pytest.MonkeyPatch) -> WatchedClass:
    """The current folder is the course's."""
    monkeypatch.chdir(watched.root)
    return watched


def test_command_says_what_it_answered(
    in_course: WatchedClass, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line for each submission, and how many there were."""
    in_course.submit("ada")
    done = run_here(capsys, "watch", NAME, "--once")
    assert done.returncode == 0
    assert f"ada {NAME}: 18/18 (practice)" in done.stdout
    assert "1 submission answered." in done.stdout


def test_unit_in_the_docs_is_valid(tmp_path: Path) -> None:
    """Every line of it is known to systemd; a mistake in one would be told."""
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd-analyze: apt-get install systemd")
    _, _, rest = (ROOT / "docs/watch.md").read_text().partition("```ini\n")
    text, _, _ = rest.partition("```")
    unit = tmp_path / "autograder-watch.service"

    def complaints(text: str) -> str:
        unit.write_text(text.replace("/srv/course/.venv/bin/autograder", sys.executable))
        done = subprocess.run(  # noqa: S603 - systemd's own command
            [verify, "verify", unit], capture_output=True, text=True, check=False
        )
        return "".join(line for line in done.stderr.splitlines() if unit.name in line)

    assert "KillMode=mixed" in text  # else the sandbox is ended before what runs in it
    assert complaints(text) == ""
    assert "Unknown key" in complaints(text.replace("RestartSec", "RestartsSec"))


@pytest.mark.parametrize("kind", ["file", "folder", "pipe"])
def test_submission_with_a_link_is_left_out(watched: WatchedClass, kind: str) -> None:
    """It would bring in whatever the instructor can read; the others are answered."""
    folder = watched.submit("ada")
    watched.submit("ben")
    notebook = folder / f"{NAME}.ipynb"
    secret = watched.course.source_notebook(NAME)
    if kind == "folder":
        whole = watched.root / "whole"
        folder.rename(whole)
        folder.symlink_to(whole)
    else:
        notebook.unlink()
        notebook.symlink_to(secret) if kind == "file" else os.mkfifo(notebook)
    assert [answer.grade.student for answer in watched.step()] == ["ben"]
    assert not (watched.root / "practice/submitted/ada" / NAME).exists()
    assert any(f"ada+{NAME}" in notice and "link" in notice for notice in watched.told)


def test_nbgrader_itself_follows_a_link(watched: WatchedClass) -> None:
    """The control: its own plugin copies what the link leads to."""
    notebook = watched.submit("ada") / f"{NAME}.ipynb"
    notebook.unlink()
    notebook.symlink_to(watched.course.source_notebook(NAME))
    run(watched.root, "nbgrader", "collect", NAME)
    collected = watched.root / "submitted/ada" / NAME / notebook.name
    assert not collected.is_symlink()
    assert collected.read_bytes() == watched.course.source_notebook(NAME).read_bytes()


def test_submission_under_another_name_is_left_out(watched: WatchedClass) -> None:
    """The folder's owner counts, and what somebody else left later replaces nothing."""
    config = watched.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("check_owner = False", "check_owner = True"))
    person = pwd.getpwuid(os.getuid()).pw_name
    watched.submit(person)
    later = watched.submit(person)
    later.rename(watched.root / "later")
    later.symlink_to(watched.root / "later")
    watched.submit("ada")
    assert [answer.grade.student for answer in watched.step()] == [person]
    assert any(f"handed in by {person}" in notice for notice in watched.told)
