"""The supervisor: one fork of the fork server that confines one submission and outlives it.

It stays outside the new pid namespace and runs no student code. It waits for the student's process,
watches its memory, kills it when the grader closes the cancel pipe (or dies), and reports how it
ended.
"""

from __future__ import annotations

import importlib
import os
import resource
import select
import signal
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from autograder.errors import AutograderError
from autograder.sandbox.kernel.cgroups import Group
from autograder.sandbox.kernel.counters import OpenCounters
from autograder.sandbox.kernel.syscalls import set_parent_death_signal
from autograder.sandbox.limits import Limits
from autograder.sandbox.tiers import FullTier, Tier
from autograder.sandbox.watchdog import (
    TICK_SECONDS,
    Watchdog,
    seconds_of_computing,
    seconds_without_a_core,
)
from autograder.wire import Ended, Failed, Message, length_prefixed

_MAX_ERROR_LENGTH = 2000


class Descriptors(NamedTuple):
    """The descriptors of one submission, in the order in which they are sent.

    Attributes:
        job: A file in memory with the job.
        reply: Where the student's process writes its one frame.
        output: Its standard output and error.
        status: Where the supervisor reports; closed inside before student code runs.
        cancel: Becomes readable when the grader cancels the run, or dies.
    """

    job: int
    reply: int
    output: int
    status: int
    cancel: int


class _Waited(NamedTuple):
    """What was seen of a process until it ended, or was killed.

    Attributes:
        limit: The limit that it exceeded, or "".
        waited_seconds: How long it waited for a core.
        cpu_seconds: Computing time of all its processes until then.
    """

    limit: str = ""
    waited_seconds: float = 0.0
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class RunContext:
    """What one run needs.

    Attributes:
        program: The module whose `main` runs inside.
        tier: How it is confined.
        limits: Its limits.
        group: Its control group; None where the watchdog enforces the limits.
    """

    program: str
    tier: Tier
    limits: Limits
    group: Group | None = None


def supervise(context: RunContext, pipes: Descriptors) -> None:
    """Isolate, fork, wait, report.

    Args:
        context: What the run needs.
        pipes: Its descriptors.
    """
    group = context.group
    try:
        procs = group.open_procs() if group else []
        counters = group.counters.open() if group else OpenCounters()
        context.tier.isolate()
        student = os.fork()
    except (AutograderError, OSError) as error:
        _report(pipes.status, _failure(error))
        return
    if student == 0:
        _run_submission(context, pipes, procs)
    for descriptor in (pipes.job, pipes.reply, pipes.output, *procs):
        os.close(descriptor)
    waited = _wait(student, pipes.cancel, context)
    _, status, usage = os.wait4(student, 0)
    waited = waited._replace(
        limit=waited.limit or counters.exceeded(),
        cpu_seconds=max(waited.cpu_seconds, counters.cpu_seconds()),
    )
    _report(pipes.status, ended(status, usage, waited))


def ended(status: int, usage: resource.struct_rusage, waited: _Waited = _Waited()) -> Ended:  # noqa: B008 - it is frozen
    """How a process ended.

    Args:
        status: From `os.wait4`.
        usage: From `os.wait4`; without the processes that were killed with it.
        waited: What was seen until then.
    """
    return Ended(
        limit=waited.limit,
        exit_code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        cpu_seconds=max(usage.ru_utime + usage.ru_stime, waited.cpu_seconds),
        waited_seconds=waited.waited_seconds,
        peak_memory_mb=usage.ru_maxrss // 1024,
    )


def _watchdog(context: RunContext, student: int) -> Watchdog | None:
    """A watchdog; None where the kernel enforces every limit."""
    scratch = context.tier.scratch
    if context.group is not None and not scratch:
        return None
    return Watchdog(
        memory_mb=context.limits.memory_mb,
        processes=context.limits.processes,
        process=_only_process(context, student),
        scratch=scratch,
        scratch_mb=context.limits.file_mb,
    )


def _only_process(context: RunContext, student: int) -> int | None:
    """The process to look at; None where /proc shows the submission's own and no others."""
    return None if isinstance(context.tier, FullTier) else student


def _wait(student: int, cancel: int, context: RunContext) -> _Waited:
    """Wait for the student's process; kill it on an exceeded limit or on cancel."""
    watchdog = _watchdog(context, student)
    process = os.pidfd_open(student)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(cancel, select.POLLIN | select.POLLHUP)
    tick = None if watchdog is None else TICK_SECONDS * 1000
    limit = ""
    while not limit:
        ready = [descriptor for descriptor, _ in poll.poll(tick)]
        if ready:
            break
        limit = watchdog.limit_exceeded() if watchdog else ""
    # Read before it is reaped, and before those that it leaves are killed.
    own = _only_process(context, student)
    waited = _Waited(limit, seconds_without_a_core(own), seconds_of_computing(own))
    os.kill(student, signal.SIGKILL)  # pid 1 of its namespace: everything in it ends
    return waited


def _run_submission(context: RunContext, pipes: Descriptors, procs: list[int]) -> NoReturn:
    """Confine this process irrevocably, and run the program in it."""
    try:
        set_parent_death_signal(signal.SIGKILL)
        for descriptor in procs:
            os.write(descriptor, b"0")
        null = os.open(os.devnull, os.O_RDONLY)
        for target, descriptor in enumerate((null, pipes.output, pipes.output)):
            os.dup2(descriptor, target)
        program = importlib.import_module(context.program)  # the fork server has it already
        keep_open = (0, 1, 2, pipes.job, pipes.reply, pipes.status)
        context.tier.confine(context.limits, keep_open)
    except BaseException as error:  # noqa: BLE001 - nothing may run unconfined
        _report(pipes.status, _failure(error))
        os._exit(1)
    program.main(pipes.job, pipes.reply, pipes.status)
    os._exit(1)  # a program ends its process itself


def _failure(error: BaseException) -> Failed:
    tip = error.tip if isinstance(error, AutograderError) else ""
    return Failed(error=str(error)[:_MAX_ERROR_LENGTH], tip=tip)


def _report(status: int, message: Message) -> None:
    os.write(status, length_prefixed(message))
