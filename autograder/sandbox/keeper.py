"""The keeper: one fork of the warm process that walls in one submission and outlives it.

The keeper stays outside the new pid namespace and runs no student code. It waits for the student's
process, watches over its memory, ends it when the grader lets go of the leash (or dies), and
reports how it ended.
"""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from autograder.errors import AutograderError
from autograder.sandbox import child, confinement, limits, reduced, unsafe, walls
from autograder.sandbox.cgroups import Group
from autograder.sandbox.syscalls import set_parent_death_signal
from autograder.sandbox.watchdog import TICK_SECONDS, Watchdog


class Tier(Protocol):
    """How a submission is walled in: `separate` before the fork, `shut` in the forked process."""

    def separate(self, room: Any, /) -> None:
        """Set the keeper apart."""

    def shut(self, room: Any, limits: limits.Limits, keep: Sequence[int], /) -> None:
        """Shut the calling process in for good."""


TIERS: Final[dict[str, Tier]] = {"full": walls, "reduced": reduced, "unsafe": unsafe}


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


@dataclass(frozen=True)
class Premises:
    """What a run has of its own.

    Attributes:
        tier: One of `TIERS`.
        room: What its process may see, worked out by the tier; None for `unsafe`.
        bounds: Its limits.
        group: Its control group, or None where the watchdog counts.
        self_test: Whether to try the walls instead of running a submission.
    """

    tier: str
    room: walls.OpenRoom | reduced.ReducedRoom | None
    bounds: limits.Limits
    group: Group | None = None
    self_test: bool = False

    @property
    def scratch(self) -> str:
        """Its folder on the disk; "" where it has file systems of its own."""
        return self.room.scratch if isinstance(self.room, reduced.ReducedRoom) else ""


def keep(premises: Premises, pipes: Descriptors) -> None:
    """Wall in, fork, wait, report.

    Args:
        premises: What the run has of its own.
        pipes: Its pipes.
    """
    group = premises.group
    try:
        procs = group.open_procs() if group else []
        events = group.open_events() if group else {}
        TIERS[premises.tier].separate(premises.room)
        student = os.fork()
    except (AutograderError, OSError) as error:
        _report(pipes.status, _refusal(error))
        return
    if student == 0:
        _be_the_student(premises, pipes, procs)
    for descriptor in (pipes.job, pipes.reply, pipes.output, *procs):
        os.close(descriptor)
    limit = _wait(student, pipes.leash, _watchdog(premises, student))
    _, status, usage = os.wait4(student, 0)
    _report(
        pipes.status,
        {
            "limit": limit or _limit_told(events),
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_memory_mb": usage.ru_maxrss // 1024,
        },
    )


def _watchdog(premises: Premises, student: int) -> Watchdog | None:
    """None where the kernel counts everything that there is to count."""
    if premises.group is not None and not premises.scratch:
        return None
    return Watchdog(
        memory_mb=premises.bounds.memory_mb,
        processes=premises.bounds.processes,
        # In the full tier /proc shows the submission's own processes and no others.
        process=None if premises.tier == "full" else student,
        scratch=premises.scratch,
        scratch_mb=premises.bounds.file_mb,
    )


def _wait(student: int, leash: int, watchdog: Watchdog | None) -> str:
    """Return when the student's process has ended; end it on a passed limit or a slack leash."""
    process = os.pidfd_open(student)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(leash, select.POLLIN | select.POLLHUP)
    tick = None if watchdog is None else TICK_SECONDS * 1000
    limit = ""
    while not limit:
        ready = [descriptor for descriptor, _ in poll.poll(tick)]
        if process in ready:
            return ""
        if ready:
            break
        limit = watchdog.limit_passed() if watchdog else ""
    os.kill(student, signal.SIGKILL)  # pid 1 of its namespace: everything in it ends
    return limit


def _limit_told(events: Mapping[int, tuple[str, str]]) -> str:
    """The limit that the kernel says was hit, or ""."""
    for descriptor, (word, limit) in events.items():
        for line in os.pread(descriptor, 4096, 0).splitlines():
            name, _, number = line.partition(b" ")
            if name == word.encode() and number.strip() not in {b"", b"0"}:
                return limit
    return ""


def _be_the_student(premises: Premises, pipes: Descriptors, procs: list[int]) -> None:
    try:
        set_parent_death_signal(signal.SIGKILL)
        for descriptor in procs:
            os.write(descriptor, b"0")
        null = os.open(os.devnull, os.O_RDONLY)
        for target, descriptor in enumerate((null, pipes.output, pipes.output)):
            os.dup2(descriptor, target)
        keep_open = (0, 1, 2, pipes.job, pipes.reply)
        TIERS[premises.tier].shut(premises.room, premises.bounds, keep_open)
    except BaseException as error:  # noqa: BLE001 - nothing may go on without its walls
        _report(pipes.status, _refusal(error))
        os._exit(1)
    (confinement if premises.self_test else child).main(pipes.job, pipes.reply)


def _refusal(error: BaseException) -> dict[str, str]:
    tip = error.tip if isinstance(error, AutograderError) else ""
    return {"error": f"{error}"[:2000], "tip": tip}


def _report(status: int, report: Mapping[str, object]) -> None:
    os.write(status, json.dumps(report).encode() + b"\n")
