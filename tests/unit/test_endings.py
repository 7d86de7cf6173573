"""Why a run gave no reply: what is known to be the submission's doing, and what is not."""

from __future__ import annotations

import dataclasses
import signal
from typing import Any

import pytest

from autograder.course import Limits
from autograder.errors import MachineError
from autograder.grading.endings import Reason, explain_missing_reply, require_own_fault
from autograder.results import Outcome
from autograder.sandbox import Completed, Ending, cpu_limit

LIMITS = Limits(wall_seconds=60, memory_mb=1000, processes=32)
ENDED = Completed(
    ending=Ending.ENDED,
    limit="",
    environment={},
    reply=b"",
    output=b"",
    exit_code=0,
    signal=None,
    cpu_seconds=5.0,
    waited_seconds=0.0,
    wall_seconds=6.0,
    peak_memory_mb=700,
)


def explain(*, answered: bool = False, alone: bool = False, **changes: Any) -> Reason | None:
    """Explain a run that ended like this."""
    if changes.get("signal") is not None:
        changes.setdefault("exit_code", None)
    completed = dataclasses.replace(ENDED, **changes)
    return explain_missing_reply(completed, LIMITS, answered=answered, alone=alone)


def outcome_of(reason: Reason | None) -> Outcome:
    """The outcome of a reason, which there must be."""
    assert reason is not None
    return reason[0]


def test_run_that_replied_needs_no_explanation() -> None:
    """However its process ended afterwards."""
    assert explain(answered=True) is None
    assert explain(answered=True, signal=signal.SIGSEGV) is None
    assert explain(answered=True, peak_memory_mb=5000) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"exit_code": 7}, "(exit code 7)"), ({"signal": signal.SIGUSR1}, "(signal 10)")],
)
def test_process_that_ended_itself_failed(changes: dict[str, Any], words: str) -> None:
    """The message says how, and the hint names the calls."""
    reason = explain(**changes)
    assert reason is not None
    outcome, message, hint = reason
    assert outcome is Outcome.FAILED
    assert words in message
    assert "os._exit()" in hint


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT]
)
def test_signal_from_outside_is_the_machines_doing(number: signal.Signals) -> None:
    """No submission can send itself one of these, so it gives no mark."""
    with pytest.raises(MachineError, match=number.name):
        explain(signal=number)


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS])
def test_signal_of_a_failed_allocation_names_the_memory_limit(number: signal.Signals) -> None:
    """TensorFlow ends itself like this where memory is refused."""
    reason = explain(signal=number)
    assert outcome_of(reason) is Outcome.RESOURCE_LIMIT
    assert reason is not None
    assert f"{number.name}; the limit is 1000 MB" in reason[1]


@pytest.mark.parametrize(("peak_memory_mb", "is_charged"), [(1512, False), (1513, True)])
def test_killed_process_is_charged_for_the_memory_that_it_used(
    peak_memory_mb: int,
    is_charged: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Beyond the limit and TensorFlow's own pages it was the submission; below it may not be."""
    if is_charged:
        reason = explain(signal=signal.SIGKILL, peak_memory_mb=peak_memory_mb)
        assert outcome_of(reason) is Outcome.RESOURCE_LIMIT
        assert reason is not None
        assert "more than 1000 MB of memory (memory_mb)" in reason[1]
    else:
        with pytest.raises(MachineError):
            explain(signal=signal.SIGKILL, peak_memory_mb=peak_memory_mb)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize(
    ("limit", "words"), [("memory_mb", "1000 MB"), ("scratch_mb", "64 MB of files")]
)
def test_limit_that_the_supervisor_enforced_counts_whatever_was_replied(
    limit: str,
    words: str,
    answered: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Its value is told."""
    reason = explain(limit=limit, signal=signal.SIGKILL, answered=answered)
    assert outcome_of(reason) is Outcome.RESOURCE_LIMIT
    assert reason is not None
    assert words in reason[1]


def test_processes_limit_that_was_handled_costs_nothing() -> None:
    """The kernel refused one more process, and the submission went on to its reply."""
    assert explain(limit="processes", answered=True) is None
    reason = explain(limit="processes", answered=False)
    assert outcome_of(reason) is Outcome.RESOURCE_LIMIT
    assert reason is not None
    assert "32 processes" in reason[1]


def test_reply_that_is_too_large_is_a_resource_limit() -> None:
    """Also if the process was killed for it."""
    reason = explain(ending=Ending.TOO_LARGE_REPLY, signal=signal.SIGKILL)
    assert outcome_of(reason) is Outcome.RESOURCE_LIMIT
    assert reason is not None
    assert reason[1] == "returned more than 32 MB"


@pytest.mark.parametrize(
    "changes",
    [
        {"ending": Ending.TIMEOUT, "signal": signal.SIGKILL, "cpu_seconds": 59.0},
        {"signal": signal.SIGXCPU, "cpu_seconds": 59.0},
        {"signal": signal.SIGKILL, "cpu_seconds": float(cpu_limit(60))},
    ],
    ids=["clock", "SIGXCPU", "SIGXCPU ignored"],
)
def test_submission_that_used_all_its_time_timed_out(changes: dict[str, Any]) -> None:
    """The clock's end and the kernel's are the same to the student."""
    reason = explain(**changes)
    assert outcome_of(reason) is Outcome.TIMEOUT
    assert reason is not None
    assert reason[1] == "did not finish within 60 seconds"


@pytest.mark.parametrize(
    ("used", "waited", "alone", "is_charged"),
    [
        (30.0, 0.0, False, True),
        (29.0, 0.0, False, False),
        (29.0, 0.0, True, True),
        (0.0, 0.0, True, True),
        (10.0, 24.0, True, True),
        (10.0, 25.0, True, False),
        (30.0, 30.0, True, True),
    ],
    ids=[
        "busy beside others",
        "starved beside others",
        "idle alone",
        "asleep alone",
        "waited little alone",
        "starved alone",
        "busy alone",
    ],
)
def test_timeout_counts_only_if_the_submission_had_its_time(
    used: float,
    waited: float,
    alone: bool,  # noqa: FBT001 - a parameter of the test
    is_charged: bool,  # noqa: FBT001 - likewise
) -> None:
    """It must have used half of it; or, alone, not have waited for a core half of the rest."""
    completed = dataclasses.replace(ENDED, cpu_seconds=used, waited_seconds=waited)
    timed_out: dict[str, Any] = {
        "ending": Ending.TIMEOUT,
        "cpu_seconds": used,
        "waited_seconds": waited,
    }
    if is_charged:
        require_own_fault(completed, 60, alone=alone)
        assert outcome_of(explain(alone=alone, **timed_out)) is Outcome.TIMEOUT
    else:
        with pytest.raises(MachineError, match="could use the processor for"):
            require_own_fault(completed, 60, alone=alone)
        with pytest.raises(MachineError, match=f"for {used:.0f} of them only"):
            explain(alone=alone, **timed_out)
