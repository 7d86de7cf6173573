"""Host a trusted process: fork it, wait for it, and say on its channel how it ended.

A trusted process, such as the scorer, never runs student code. It reads what a submission sent,
so it is ended by the limits that it sets itself, when its grader ends, and when its host does.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket

from autograder.sandbox.kernel.syscalls import set_parent_death_signal
from autograder.sandbox.supervisor import ended
from autograder.wire import send


def host(program: str, channel: socket.socket) -> None:
    """Run a program in a process of its own until it ends.

    Args:
        program: The module whose `serve(channel)` it runs.
        channel: A stream socket; after the program's own messages comes `Ended`.
    """
    set_parent_death_signal(signal.SIGKILL)
    serve = importlib.import_module(program).serve
    process = os.fork()
    if process == 0:
        set_parent_death_signal(signal.SIGKILL)
        serve(channel)
        os._exit(0)
    _, status, usage = os.wait4(process, 0)
    with contextlib.suppress(OSError):  # the other end is closed: nobody asks
        send(channel, ended(status, usage))
