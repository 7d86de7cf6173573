"""A warm process with some of its walls left out: the negative controls of the hostile corpus.

python -I tests/weakened.py LAYER,LAYER... DESCRIPTOR

Nothing in the package can leave a wall out, so the controls replace functions from here.
"""

from __future__ import annotations

import dataclasses
import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.sandbox import (
    cgroups,
    confinement,
    keeper,
    landlock,
    limits,
    namespaces,
    refusals,
    seccomp,
    syscalls,
    walls,
    warm,
    watchdog,
    wire,
)


def nothing(*_arguments: object, **_named: object) -> None:
    """Stands for a wall."""


def no_memory_watch(dog: watchdog.Watchdog) -> str:
    """Let memory pass; the other limits hold."""
    return plain_look(dataclasses.replace(dog, memory_mb=2**40))


plain_look = watchdog.Watchdog.limit_passed


def no_namespace(*flags: int) -> Callable[[], None]:
    """Leave namespaces out of what `enter` asks for."""

    def switch_off() -> None:
        put(namespaces, "_EVERYTHING", namespaces._EVERYTHING & ~sum(flags))

    return switch_off


def show(path: str) -> None:
    """Let the room show a file or folder that it hides."""
    plain_room = walls.python_room
    put(walls, "python_room", lambda: walls.Room((*plain_room().readable, path)))


def larger_scratch() -> None:
    """Give /tmp and /dev/shm more room than any attack of the corpus takes."""
    plain_room = walls.python_room
    put(walls, "python_room", lambda: dataclasses.replace(plain_room(), tmp_bytes=2**30))
    put(namespaces, "_MOST_INODES", 10**6)


def no_namespaces() -> None:
    """Refuse the full tier, as a system without user namespaces does."""

    def refuse(_room: object) -> None:
        with refusals.wall("enter namespaces of its own", refusals.namespace_tip):
            raise PermissionError(1, "Operation not permitted", "unshare")

    put(walls, "separate", refuse)


def no_memory_limits() -> None:
    """Bound the memory neither of a process nor of all together."""
    put(cgroups, "choose", nothing)
    put(limits, "apply", nothing)
    put(watchdog.Watchdog, "limit_passed", no_memory_watch)


def one_process() -> None:
    """Let a grader that scores in the student's process be forked."""
    sys.path.append(str(Path(__file__).parent))
    importlib.import_module("naive")


def believe_first_frame() -> None:
    """Take the first frame of a reply, whatever follows it."""
    put(wire, "unframe", lambda _nonce, stream: first_payload(stream))


def first_payload(stream: bytes) -> bytes:
    """What the first frame of a stream holds."""
    _, length = wire._HEADER.unpack_from(stream)
    return stream[wire._HEADER.size :][:length]


def put(owner: Any, name: str, value: object) -> None:
    """Replace an attribute; mypy does not follow."""
    setattr(owner, name, value)


def without(owner: Any, name: str) -> Callable[[], None]:
    """Put `nothing` in a function's place."""
    return lambda: put(owner, name, nothing)


LAYERS: Mapping[str, Callable[[], None]] = {
    "landlock": without(landlock, "restrict"),
    "limits": without(limits, "apply"),
    "seccomp": without(seccomp, "load"),
    "descriptors": without(syscalls, "close_all_but"),
    "net": no_namespace(syscalls.CLONE_NEWNET),
    "namespaces": no_namespaces,
    "new-landlock": lambda: put(landlock, "version", lambda: 3),
    "cgroup": without(cgroups, "choose"),
    "watchdog": without(keeper, "_watchdog"),
    "memory": no_memory_limits,
    "scratch": larger_scratch,
    "frame": believe_first_frame,
    "separate-scorer": one_process,
    "self-test": lambda: put(confinement, "_works", lambda *_arguments: False),
}
"""What to leave out, by the name that `tests/corpus/hostile/expected.yml` uses."""


if __name__ == "__main__":
    for layer in sys.argv[1].split(","):
        name, _, path = layer.partition("=")
        show(path) if name == "show" else LAYERS[name]()
    warm.main()
