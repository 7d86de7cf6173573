"""Commands that let a running `autograder watch` grade get the Grade that they would make."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from commands import run_here
from courses import NAME
from fake_grader import FakeClass

from autograder.grading import GradeStore, Options, grade
from autograder.grading.serving import Turns, address, server
from autograder.grading.watching import FolderInbox, Watcher, watcher
from autograder.results import Grade, Outcome

NOBODY = ""
"""The student of a submission as a server gets it."""


class ServedClass(FakeClass):
    """A class whose watcher may run."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(root, monkeypatch)
        (root / "nothing").mkdir()

    @contextlib.contextmanager
    def watched(self) -> Iterator[Watcher]:
        """A watcher runs, and nothing arrives."""
        inbox = FolderInbox(self.root / "nothing")
        with Watcher(self.course, [NAME], inbox, Options(workers=1)) as watching:
            watching.serve()
            yield watching

    def grade(self, options: Options = Options(workers=1)) -> Grade:  # noqa: B008 - it is frozen
        """What `autograder grade` gives a class of one."""
        (graded,) = grade(self.course, NAME, options)
        return graded


@pytest.fixture
def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> ServedClass:
    """A class of one, whose submission fails a check."""
    caplog.set_level("INFO", "autograder")
    of = ServedClass(tmp_path, monkeypatch)
    of.outcomes = {student: {"loss_goes_down": Outcome.FAILED} for student in ("ada", NOBODY)}
    of.hand_in("ada")
    return of


def test_running_watcher_grades_one_submission(served: ServedClass) -> None:
    """The command stores and records the Grade, which is the one that it would have made."""
    with served.watched():
        made = served.grade()
    assert served.graded == [NOBODY]
    assert GradeStore(served.root / "grades" / NAME).read("ada") == made
    assert made.seeds["kind"] == "grading"
    assert served.scores() == {"ada": 15.0}
    own = served.grade(Options(workers=1, force=True))
    assert served.graded == [NOBODY, "ada"]
    assert made.model_copy(update={"seeds": own.seeds}) == own


def test_large_class_is_graded_by_the_command(served: ServedClass) -> None:
    """A fork server of its own keeps all cores busy, beside what the watcher does."""
    served.hand_in("ben", "cyd", "dan")
    with served.watched():
        grade(served.course, NAME, Options(workers=1), on_notice=lambda _: None)
    assert sorted(served.graded) == ["ada", "ben", "cyd", "dan"]


def test_unsafe_grading_is_not_served(served: ServedClass) -> None:
    """A watcher has a sandbox."""
    with served.watched():
        served.grade(Options(workers=1, unsafe=True))
    assert served.graded == ["ada"]


def test_watcher_that_was_killed_is_replaced_by_the_command(
    served: ServedClass, caplog: pytest.LogCaptureFixture
) -> None:
    """The socket that it left costs nothing but a line in the log."""
    address.listen(served.root).close()
    assert served.grade().score == 15
    assert served.graded == ["ada"]
    (record,) = caplog.records
    assert "no watcher answers: Connection refused" in record.getMessage()


@pytest.mark.parametrize(
    ("tier", "environment", "reason"),
    [
        ("reduced", {}, "has a sandbox of the reduced tier"),
        ("full", {"keras": "1.0"}, "runs another version of keras"),
    ],
)
def test_watcher_that_grades_otherwise_is_not_used(
    served: ServedClass,
    caplog: pytest.LogCaptureFixture,
    tier: str,
    environment: dict[str, str],
    reason: str,
) -> None:
    """Its Grade would be another one."""
    served.server.tier, served.server.environment = tier, environment
    with served.watched():
        served.grade()
    assert served.graded == ["ada"]
    assert reason in caplog.text


def test_watcher_of_other_code_is_not_used(
    served: ServedClass, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It was started before the package was updated."""
    monkeypatch.setattr(watcher, "package_digest", lambda: "older")
    with served.watched():
        served.grade()
    assert served.graded == ["ada"]
    assert "runs other code of this package" in caplog.text


def test_watcher_follows_a_changed_course(served: ServedClass) -> None:
    """What it has proved is the course as it is now, whatever it graded before."""
    with served.watched():
        before = served.grade()
        served.set_threshold("accuracy", 0.5)
        after = served.grade()
    assert served.graded == [NOBODY, NOBODY]
    assert before.course_sha256 != after.course_sha256


def test_command_that_read_an_older_course_grades_by_it(
    served: ServedClass, caplog: pytest.LogCaptureFixture
) -> None:
    """The course was edited between."""
    older = served.course
    served.set_threshold("accuracy", 0.5)
    with served.watched():
        grade(older, NAME, Options(workers=1))
    assert served.graded == ["ada"]
    assert "has another version of the course" in caplog.text


def test_watcher_of_other_assignments_is_not_used(
    served: ServedClass, caplog: pytest.LogCaptureFixture
) -> None:
    """Its memory is for those that it watches."""
    inbox = FolderInbox(served.root / "nothing")
    with Watcher(served.course, ["02-house-prices"], inbox, Options(workers=1)) as watching:
        watching.serve()
        served.grade()
    assert served.graded == ["ada"]
    assert f"it does not watch {NAME}" in caplog.text


def test_busy_watcher_is_not_waited_for(
    served: ServedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has as many clients as it takes."""
    with served.watched():
        monkeypatch.setattr(server, "MOST_CLIENTS", 0)
        served.grade()
    assert served.graded == ["ada"]


@pytest.mark.parametrize("answer", [b"\xff" * 8, b"\0\0\0\0\0\0\0\1\x90"])
def test_watcher_that_answers_nonsense_is_not_used(served: ServedClass, answer: bytes) -> None:
    """It ends, or says what is no message: never a traceback, never a Grade."""
    listener = address.listen(served.root)

    def answer_once() -> None:
        end, _ = listener.accept()
        with end:
            end.recv(10)
            end.sendall(answer)
            end.shutdown(socket.SHUT_WR)
            while end.recv(65_536):
                pass

    thread = threading.Thread(target=answer_once)
    thread.start()
    with listener:
        assert served.grade().score == 15
        thread.join()
    assert served.graded == ["ada"]


def test_folder_that_others_may_enter_is_not_trusted(
    served: ServedClass, caplog: pytest.LogCaptureFixture
) -> None:
    """Another user may have put the socket there."""
    with served.watched():
        (served.root / "practice/server").chmod(0o755)
        served.grade()
    assert served.graded == ["ada"]
    assert "others may write into its folder" in caplog.text


def test_socket_is_for_its_user_alone(served: ServedClass) -> None:
    """The folder may be entered, and the socket used, by nobody else."""
    with served.watched():
        folder = served.root / "practice/server"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "socket").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("side", ["client", "server"])
def test_other_user_is_refused(
    served: ServedClass, monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    """Each end asks the kernel who the other one is."""
    module = address if side == "client" else server
    monkeypatch.setattr(module, "user_at_the_other_end", lambda _: 4242)
    with served.watched():
        served.grade()
    assert served.graded == ["ada"]


def test_turns_come_in_order() -> None:
    """Who asks first runs first, however many the watcher itself has waiting."""
    turns, ran = Turns(1), list[int]()

    def run(number: int) -> None:
        with turns.turn():
            ran.append(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(5)]
    with ExitStack() as stack:
        stack.enter_context(turns.turn())
        for number, thread in enumerate(threads):
            thread.start()
            while turns.waiting <= number:
                pass
    for thread in threads:
        thread.join()
    assert ran == [0, 1, 2, 3, 4]


def test_check_in_the_course_folder_is_served(
    served: ServedClass, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The instructor's `check` needs no TensorFlow of its own."""
    monkeypatch.chdir(served.root)
    file = f"submitted/ada/{NAME}/{NAME}.ipynb"
    with served.watched():
        done = run_here(capsys, "check", NAME, "--file", file)
    assert done.returncode == 1
    assert "9 of 10 checks pass, 15 of 18 points" in done.stdout
    assert served.graded == [NOBODY]


def test_debug_says_why_a_watcher_is_not_used(
    served: ServedClass, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line; without --debug there is none."""
    monkeypatch.chdir(served.root)
    address.listen(served.root).close()
    line = "NOTE  Starting a fork server: no watcher answers"
    assert line in run_here(capsys, "--debug", "grade", NAME).stderr
    assert line not in run_here(capsys, "grade", NAME, "--force").stderr
