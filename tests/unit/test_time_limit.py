"""The time limit of a function: the same with the kernel's timer and, as on Windows, without."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Iterator

import pytest

from autograder.exercises import Guard, Student
from autograder.exercises.time_limit import TimeLimitError, time_limit

SECONDS = 0.05


@pytest.fixture(params=["timer", "no timer"], autouse=True)
def _system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs on a system with SIGALRM, and on one without it."""
    if request.param == "no timer":
        for name in ("SIGALRM", "setitimer", "ITIMER_REAL"):
            monkeypatch.delattr(signal, name)


@pytest.fixture(autouse=True)
def _ctrl_c() -> Iterator[None]:
    """Ctrl-C as in a terminal; a program in the background of a script may ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run_forever() -> None:
    """A loop that never ends by itself."""
    for _ in itertools.repeat(None):
        pass


def test_endless_function_fails_its_own_step_alone() -> None:
    """The verdict names the limit, and the next function is called."""
    student = Student({"endless": run_forever, "short": lambda: 1}, Guard(SECONDS))
    with student.step("first"):
        student.call("endless")
    with student.step("second"):
        student.call("short")
    assert list(student.errors) == ["first"]
    assert student.errors["first"].kind == "timeout"
    assert student.errors["first"].message == f"did not finish within {SECONDS} seconds"


def test_function_that_catches_the_first_exception_is_interrupted_again() -> None:
    """A bare `except` only postpones the end."""
    student = Student({"stubborn": catch_once}, Guard(SECONDS))
    with student.step("first"):
        student.call("stubborn")
    assert student.errors["first"].kind == "timeout"


def catch_once() -> None:
    """Catch whatever is raised, once."""
    try:
        run_forever()
    except:  # noqa: E722 - as students write it
        run_forever()


def test_short_block_is_not_interrupted_and_leaves_everything_as_it_was() -> None:
    """The handlers of signals are the earlier ones."""
    handlers = [signal.getsignal(number) for number in signal.Signals]
    with time_limit(60) as limit:
        pass
    assert not limit.passed
    assert [signal.getsignal(number) for number in signal.Signals] == handlers


def test_ctrl_c_in_the_block_is_ctrl_c() -> None:
    """A person who interrupts a cell is not told that the time was over."""
    with pytest.raises(KeyboardInterrupt), time_limit(60) as limit:
        signal.raise_signal(signal.SIGINT)
    assert not limit.passed
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_limit_that_passed_does_not_disturb_what_follows() -> None:
    """After the block, Ctrl-C is Ctrl-C again."""
    with pytest.raises(TimeLimitError), time_limit(SECONDS):
        run_forever()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_limit_outside_the_main_thread_is_none() -> None:
    """Only the main thread can be interrupted; elsewhere the block runs to its end."""
    finished = []

    def run() -> None:
        with time_limit(SECONDS):
            finished.append(threading.current_thread().name)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(finished) == 1
