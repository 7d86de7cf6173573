"""A warm process with some of its walls left out: the negative controls of the hostile corpus.

python -I tests/weakened.py LAYER,LAYER... DESCRIPTOR

Nothing in the package can leave a wall out, so the controls replace functions from here.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping
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
        kept = namespaces._EVERYTHING
        for flag in flags:
            kept &= ~flag
        vars(namespaces)["_EVERYTHING"] = kept

    return switch_off


def show(path: str) -> None:
    """Let the room show a file or folder that it hides."""
    plain_room = walls.python_room
    walls.python_room = lambda: walls.Room((*plain_room().readable, path))


def no_namespaces() -> None:
    """Refuse the full tier, as a system without user namespaces does."""

    def refuse(_room: object) -> None:
        with refusals.wall("enter namespaces of its own", refusals.namespace_tip):
            raise PermissionError(1, "Operation not permitted", "unshare")

    walls.separate = refuse  # type: ignore[assignment]


def old_landlock() -> None:
    """Pretend that the kernel's Landlock is of version 3."""
    landlock.version = lambda: 3


def no_cgroup() -> None:
    """Let the watchdog count."""
    cgroups.choose = nothing  # type: ignore[assignment]


def no_memory_limits() -> None:
    """Bound the memory neither of a process nor of all together."""
    no_cgroup()
    limits.apply = nothing
    watchdog.Watchdog.limit_passed = no_memory_watch  # type: ignore[method-assign]


def replace(module: Any, name: str) -> Callable[[], None]:
    """Put `nothing` in a function's place."""
    return lambda: setattr(module, name, nothing)


LAYERS: Mapping[str, Callable[[], None]] = {
    "landlock": replace(landlock, "restrict"),
    "limits": replace(limits, "apply"),
    "seccomp": replace(seccomp, "load"),
    "descriptors": replace(syscalls, "close_all_but"),
    "net": no_namespace(syscalls.CLONE_NEWNET),
    "ipc": no_namespace(syscalls.CLONE_NEWIPC),
    "namespaces": no_namespaces,
    "new-landlock": old_landlock,
    "cgroup": no_cgroup,
    "memory": no_memory_limits,
    "self-test": lambda: setattr(confinement, "_works", lambda *_arguments: False),
    "watchdog": lambda: setattr(keeper, "_watchdog", nothing),
}
"""What to leave out, by the name that `tests/corpus/hostile/expected.yml` uses."""


if __name__ == "__main__":
    for layer in sys.argv[1].split(","):
        name, _, path = layer.partition("=")
        show(path) if name == "show" else LAYERS[name]()
    warm.main()
