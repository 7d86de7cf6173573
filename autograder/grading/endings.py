"""Explain to the student why a run ended without a reply."""

from __future__ import annotations

import re
import signal

from autograder.course import SCRATCH_MB, Limits
from autograder.results import Outcome
from autograder.sandbox import Completed, Ending

Reason = tuple[Outcome, str, str]

_NO_MORE_THREADS = re.compile("pthread_create|can't start new thread|fork: .*unavailable")
_OUT_OF_MEMORY_SIGNALS = (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)
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


def explain_missing_reply(completed: Completed, limits: Limits, *, answered: bool) -> Reason | None:
    """Explain why a run sent no reply that can be scored; None if it sent one.

    Args:
        completed: What came out of the sandbox.
        limits: What the submission was allowed to use.
        answered: Whether there is a reply, from `part_that_ran`.

    Returns:
        Outcome; what the submission did, such as "did not finish within 60 seconds"; and a hint.
    """
    if completed.limit in LIMIT_MESSAGES:  # first: a process that was killed may also time out
        message, hint = LIMIT_MESSAGES[completed.limit]
        message = message.format(**limits.model_dump(), scratch_mb=SCRATCH_MB)
    elif completed.ending is Ending.TIMEOUT or completed.signal == signal.SIGXCPU:
        return (
            Outcome.TIMEOUT,
            f"did not finish within {limits.wall_seconds:g} seconds",
            "Look for a loop that never ends, and train only for `epochs` epochs.",
        )
    elif completed.ending is Ending.TOO_LARGE_REPLY:
        message = "returned more than 32 MB"
        hint = "Return only what the task asks for."
    elif not answered and _NO_MORE_THREADS.search(completed.output_tail):
        message, hint = LIMIT_MESSAGES["processes"]
        message = message.format(processes=limits.processes)
    elif not answered and completed.signal in _OUT_OF_MEMORY_SIGNALS:
        message = (
            f"was ended by {signal.Signals(completed.signal).name}; the limit is "
            f"{limits.memory_mb} MB of memory (memory_mb)"
        )
        hint = "Use smaller arrays or a smaller batch."
    else:
        return None if answered else _process_ended(completed)
    return Outcome.RESOURCE_LIMIT, message, hint


def _process_ended(completed: Completed) -> Reason:
    how = f"exit code {completed.exit_code}"
    if completed.exit_code is None:
        how = f"signal {completed.signal}"
    return (
        Outcome.FAILED,
        f"ended the grader's process ({how})",
        "Remove calls such as exit(), quit() and os._exit().",
    )
