"""Explain to the student why a run ended without a reply."""

from __future__ import annotations

import signal

from autograder.course import SCRATCH_MB, Limits
from autograder.errors import MachineError
from autograder.results import Outcome
from autograder.sandbox import Completed, Ending, cpu_limit

Reason = tuple[Outcome, str, str]

_OUT_OF_MEMORY_SIGNALS = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
"""Signals by which no submission can end itself: see `sandbox.kernel.seccomp`."""
_LIBRARIES_MB = 512
"""Resident pages of TensorFlow's files, which the peak counts too."""
_HANDLED = ("processes",)
"""Limits that a submission can meet and go on: the kernel refused one more process."""
_BUSY = 0.5
"""Share of its time that a submission must have used to be charged for all of it."""
LIMIT_MESSAGES = {
    "memory_mb": (
        "used more than {memory_mb} MB of memory (memory_mb)",
        "Use smaller arrays or a smaller batch.",
    ),
    "processes": (
        "started more than {processes} processes and threads (processes)",
        "Do not start processes or threads.",
    ),
    "scratch_mb": (
        "wrote more than {scratch_mb} MB of files",
        "Write no files, or only small ones.",
    ),
}
"""What was done, and a hint, for each limit that the supervisor enforces."""


def explain_missing_reply(
    completed: Completed, limits: Limits, *, answered: bool, alone: bool
) -> Reason | None:
    """Explain why a run sent no reply that can be scored; None if it sent one.

    A student is charged only for what is known: a limit of ours that was exceeded, as the
    supervisor, the kernel's counters or our own clock say; or a process that ended itself.

    Args:
        completed: What came out of the sandbox.
        limits: What the submission was allowed to use.
        answered: Whether there is a reply, from `part_that_ran`.
        alone: Whether nothing else was graded meanwhile.

    Returns:
        Outcome; what the submission did, such as "did not finish within 60 seconds"; and a hint.

    Raises:
        MachineError: If the machine may have ended it.
    """
    if completed.limit in LIMIT_MESSAGES and not (answered and completed.limit in _HANDLED):
        message, hint = LIMIT_MESSAGES[completed.limit]
        message = message.format(**limits.model_dump(), scratch_mb=SCRATCH_MB)
    elif completed.ending is Ending.TIMEOUT or _used_all_time(completed, limits):
        require_own_fault(completed, limits.wall_seconds, alone=alone)
        return (
            Outcome.TIMEOUT,
            f"did not finish within {limits.wall_seconds:g} seconds",
            "Look for a loop that never ends, and train only for `epochs` epochs.",
        )
    elif completed.ending is Ending.TOO_LARGE_REPLY:
        message = "returned more than 32 MB"
        hint = "Return only what the task asks for."
    elif not answered and completed.signal in _OUT_OF_MEMORY_SIGNALS:
        message = (
            f"was ended by {signal.Signals(completed.signal).name}; the limit is "
            f"{limits.memory_mb} MB of memory (memory_mb)"
        )
        hint = "Use smaller arrays or a smaller batch."
    elif not answered and completed.peak_memory_mb > limits.memory_mb + _LIBRARIES_MB:
        message, hint = LIMIT_MESSAGES["memory_mb"]
        message = message.format(memory_mb=limits.memory_mb)
    elif not answered and completed.signal in _FROM_OUTSIDE:
        raise MachineError(
            "Something outside of the grader ended the submission's process "
            f"({signal.Signals(completed.signal).name}): a person, another program, or the system "
            "for lack of memory."
        )
    else:
        return None if answered else _process_ended(completed)
    return Outcome.RESOURCE_LIMIT, message, hint


def require_own_fault(completed: Completed, seconds: float, *, alone: bool) -> None:
    """Raise MachineError unless a submission itself used its time up.

    Args:
        completed: What came out of the sandbox.
        seconds: The time that it, or a part of it, did not finish within.
        alone: Whether nothing else was graded meanwhile. Then one that does nothing is to blame,
            but still not one that waits for a core.
    """
    used, waited = completed.cpu_seconds, completed.waited_seconds
    if used >= seconds * _BUSY:
        return
    if not alone or waited >= (seconds - used) * _BUSY:
        raise MachineError(
            f"The submission did not finish within {seconds:g} seconds, but it could use the "
            f"processor for {used:.0f} of them only: the machine was busy or paused."
        )


def _used_all_time(completed: Completed, limits: Limits) -> bool:
    """Whether the kernel ended it for its computing time; a process may ignore SIGXCPU."""
    return completed.signal == signal.SIGXCPU or (
        completed.signal == signal.SIGKILL
        and completed.cpu_seconds >= cpu_limit(limits.wall_seconds)
    )


def _process_ended(completed: Completed) -> Reason:
    how = f"exit code {completed.exit_code}"
    if completed.exit_code is None:
        how = f"signal {completed.signal}"
    return (
        Outcome.FAILED,
        f"ended the grader's process ({how})",
        "Remove calls such as exit(), quit() and os._exit().",
    )
