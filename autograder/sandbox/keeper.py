"""The keeper: one fork of the warm process that walls in one submission and outlives it.

The keeper stays outside the new pid namespace and runs no student code. It waits for the student's
process, ends it when the grader lets go of the leash (or dies), and reports how it ended.
"""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Mapping
from typing import NamedTuple

from autograder.errors import AutograderError
from autograder.sandbox import child, limits, walls
from autograder.sandbox.syscalls import set_parent_death_signal


class Descriptors(NamedTuple):
    """The pipes of one submission, in the order in which they are sent.

    Attributes:
        job: A sealed memory file to read the job from.
        reply: Where the student's process writes its one frame.
        output: Its standard output and error.
        status: Where the keeper reports; closed before student code runs.
        leash: Readable once the grader wants the end, or is gone.
    """

    job: int
    reply: int
    output: int
    status: int
    leash: int


def keep(room: walls.OpenRoom | None, bounds: limits.Limits, pipes: Descriptors) -> None:
    """Wall in, fork, wait, report.

    Args:
        room: What the student's process may see; None builds no walls (`--unsafe`).
        bounds: Its limits.
        pipes: Its pipes.
    """
    try:
        if room is not None:
            walls.separate(room)
        student = os.fork()
    except (AutograderError, OSError) as error:
        _report(pipes.status, _refusal(error))
        return
    if student == 0:
        _be_the_student(room, bounds, pipes)
    for descriptor in (pipes.job, pipes.reply, pipes.output):
        os.close(descriptor)
    _wait(student, pipes.leash)
    _, status, usage = os.wait4(student, 0)
    _report(
        pipes.status,
        {
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_memory_mb": usage.ru_maxrss // 1024,
        },
    )


def _wait(student: int, leash: int) -> None:
    """Return when the student's process has ended; end it when the leash goes slack."""
    process = os.pidfd_open(student)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(leash, select.POLLIN | select.POLLHUP)
    ready = [descriptor for descriptor, _ in poll.poll()]
    if process not in ready:
        os.kill(student, signal.SIGKILL)  # pid 1 of its namespace: everything in it ends


def _be_the_student(room: walls.OpenRoom | None, bounds: limits.Limits, pipes: Descriptors) -> None:
    try:
        set_parent_death_signal(signal.SIGKILL)
        null = os.open(os.devnull, os.O_RDONLY)
        for target, descriptor in enumerate((null, pipes.output, pipes.output)):
            os.dup2(descriptor, target)
        keep_open = (0, 1, 2, pipes.job, pipes.reply)
        if room is None:
            walls.bound_only(bounds, keep_open)
        else:
            walls.shut(room, bounds, keep_open)
    except BaseException as error:  # noqa: BLE001 - nothing may go on without its walls
        _report(pipes.status, _refusal(error))
        os._exit(1)
    child.main(pipes.job, pipes.reply)


def _refusal(error: BaseException) -> dict[str, str]:
    tip = error.tip if isinstance(error, AutograderError) else ""
    return {"error": f"{error}"[:2000], "tip": tip}


def _report(status: int, report: Mapping[str, object]) -> None:
    os.write(status, json.dumps(report).encode() + b"\n")
