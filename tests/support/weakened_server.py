"""A fork server that leaves some layers of the sandbox out: negative controls need one.

python -I tests/support/weakened_server.py LAYER,LAYER... DESCRIPTOR

Nothing in the package can leave a layer out, so the controls replace functions from here.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder import wire
from autograder.sandbox import diagnostics, fork_server, limits, self_test, supervisor, watchdog
from autograder.sandbox.kernel import cgroups, landlock, namespaces, seccomp, syscalls
from autograder.sandbox.tiers import FullTier, visible_paths
from autograder.wire import codec


def nothing(*_arguments: object, **_named: object) -> None:
    """Stand for a function that confines."""


plain_limit_exceeded = watchdog.Watchdog.limit_exceeded
plain_plan = FullTier.plan


def no_memory_watch(dog: watchdog.Watchdog) -> str:
    """Let memory pass; the other limits hold."""
    return plain_limit_exceeded(dataclasses.replace(dog, memory_mb=2**40))


def no_namespace(*flags: int) -> Callable[[], None]:
    """Leave namespaces out of what `enter` asks for."""

    def switch_off() -> None:
        put(namespaces, "_NAMESPACES", namespaces._NAMESPACES & ~sum(flags))

    return switch_off


def show(path: str) -> None:
    """Make a file or folder visible that the sandbox hides."""
    put(fork_server, "visible_paths", lambda: (*visible_paths(), path))


def larger_scratch() -> None:
    """Make /tmp and /dev/shm larger than what any attack of the corpus takes."""

    def plan(visible: Sequence[str]) -> FullTier:
        return plain_plan(visible, 2**30)

    put(FullTier, "plan", plan)
    put(namespaces, "_MAX_INODES", 10**6)


def no_namespaces() -> None:
    """Refuse the full tier, as a system without user namespaces does."""

    def refuse(_tier: FullTier) -> None:
        with diagnostics.layer("enter namespaces of its own", diagnostics.namespace_tip):
            raise PermissionError(1, "Operation not permitted", "unshare")

    put(FullTier, "isolate", refuse)


def no_memory_limits() -> None:
    """Bound the memory neither of a process nor of all together."""
    put(cgroups, "find_hierarchy", nothing)
    put(limits, "apply", nothing)
    put(watchdog.Watchdog, "limit_exceeded", no_memory_watch)


def one_process() -> None:
    """Let a grader be forked that scores in the student's process."""
    sys.path.append(str(Path(__file__).parent))
    importlib.import_module("naive")


def believe_first_frame() -> None:
    """Take the first answer of a reply, whatever follows it."""
    put(wire, "unframe", first_answer)


def first_answer(nonce: bytes, stream: bytes) -> bytes:
    """What the first frame of a stream holds that does not name a part."""
    return next(payload for payload in codec._frames(nonce, stream) if not codec._part_of(payload))


def no_determinism() -> None:
    """Leave TensorFlow's operations as they are without `enable_op_determinism`."""
    import tensorflow as tf  # noqa: PLC0415 - for this layer alone

    put(tf.config.experimental, "enable_op_determinism", nothing)


def no_limits_of_scoring() -> None:
    """Let a scorer take as long as it likes."""
    scoring = importlib.import_module("autograder.checks.scoring")
    put(scoring, "bounded_time", lambda *_seconds: contextlib.nullcontext())


def no_limit_of_texts() -> None:
    """Take texts of any length from a sandbox."""
    put(importlib.import_module("autograder.checks.evidence"), "require_short_texts", nothing)


def put(owner: Any, name: str, value: object) -> None:
    """Replace an attribute that is there: a control that changes nothing would show nothing."""
    getattr(owner, name)
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
    "cgroup": without(cgroups, "find_hierarchy"),
    "watchdog": without(supervisor, "_watchdog"),
    "memory": no_memory_limits,
    "scratch": larger_scratch,
    "frame": believe_first_frame,
    "separate-scorer": one_process,
    "self-test": lambda: put(self_test, "_works", lambda *_arguments: False),
    "determinism": no_determinism,
    "bounded-scoring": no_limits_of_scoring,
    "long-texts": no_limit_of_texts,
}
"""What to leave out, by the name that `tests/hostile/corpus/expected.yml` uses."""


if __name__ == "__main__":
    for layer in sys.argv[1].split(","):
        name, _, path = layer.partition("=")
        show(path) if name == "show" else LAYERS[name]()
    fork_server.main()
