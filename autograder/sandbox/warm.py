"""The warm process: it has imported TensorFlow, and forks.

It only imports and forks. After one real operation its forks would hang, so it never runs any.
A fork is either a *keeper*, which walls in one submission, or a *trusted* process such as the
scorer, which never runs student code. Started by `client` as `python -I -m`, with a clean
environment; it speaks JSON over a socket whose messages carry descriptors.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import importlib
import json
import os
import pkgutil
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder import exercises
from autograder.errors import AutograderError, SandboxUnavailableError
from autograder.sandbox import cgroups, environment, keeper, namespaces, reduced, walls
from autograder.sandbox.limits import Limits

MESSAGE_LIMIT = 65_536
Room = walls.OpenRoom | reduced.ReducedRoom | None
_DESCRIPTORS = 5

# Keras asks for these during its first fit; imported here they are imported once a class.
_DATASET_OPS = (
    *("batch_op", "concatenate_op", "flat_map_op", "from_tensor_slices_op", "from_tensors_op"),
    *("map_op", "prefetch_op", "range_op", "repeat_op", "shuffle_op", "take_op", "zip_op"),
)
_LAZY_MODULES = tuple(f"tensorflow.python.data.ops.{name}" for name in _DATASET_OPS)
_OPTIONAL = (*_LAZY_MODULES, "autograder.sandbox.fast_fit")
_HARNESS = (
    "numpy.random",
    "secrets",
    "tensorflow",
    "keras",
    "IPython.core.inputtransformer2",
    "autograder.sandbox.child",
    "autograder.training",
    *_OPTIONAL,
)


def main() -> None:
    """Import, say so, and serve until the other end of the socket is closed."""
    control = socket.socket(fileno=int(sys.argv[-1]))
    config = json.loads(control.recv(MESSAGE_LIMIT))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then stops us
    try:
        exercise_names = [m.name for m in pkgutil.iter_modules(exercises.__path__)]
        own = [f"autograder.exercises.{name}" for name in exercise_names]
        _import_all([*_HARNESS, *own, *config["preload"]])
        rooms, refusals = _open_rooms()
    except Exception as error:  # noqa: BLE001 - the client turns it into words
        tip = error.tip if isinstance(error, AutograderError) else ""
        control.send(json.dumps({"error": str(error)[:4000], "tip": tip}).encode())
        return
    gc.collect()
    gc.freeze()
    hierarchy = cgroups.choose()
    memory = hierarchy.name if hierarchy else "watchdog"
    ready = {
        "threads": _threads(),
        "refusals": refusals,
        "memory": memory,
        "environment": environment.versions(),
        "tensorflow_build": environment.tensorflow_build(),
    }
    control.send(json.dumps(ready).encode())
    _sweep_scratch()
    with tempfile.TemporaryDirectory(prefix=f"autograder-{os.getpid()}-") as scratch:
        _Server(control, rooms, hierarchy, scratch).serve()


def _import_all(names: list[str]) -> None:
    for name in names:
        # another TensorFlow or Keras may keep these elsewhere; they are an optimization only
        optional = name in _OPTIONAL
        with contextlib.suppress(ImportError) if optional else contextlib.nullcontext():
            importlib.import_module(name)


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _open_rooms() -> tuple[dict[str, Room], dict[str, tuple[str, str]]]:
    """The rooms of the tiers that may be had here; why not, as message and tip, of the others."""
    rooms: dict[str, Room] = {"unsafe": None}
    refusals = {}
    shown = walls.python_room()
    for tier, module in (("full", walls), ("reduced", reduced)):
        try:
            rooms[tier] = module.open_room(shown)
        except SandboxUnavailableError as error:  # noqa: PERF203 - two tiers, two attempts
            refusals[tier] = (error.message, error.tip)
    return rooms, refusals


def _sweep_scratch() -> None:
    """Delete folders that warm processes left which were killed."""
    for folder in Path(tempfile.gettempdir()).glob("autograder-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


class _Server:
    """Forks on request, and clears away what a run leaves outside its walls.

    Args:
        control: The socket to the grader.
        rooms: What each tier shows.
        hierarchy: Where control groups can be made, or None.
        scratch: A folder in which the reduced tier's runs have theirs.
    """

    def __init__(
        self,
        control: socket.socket,
        rooms: dict[str, Room],
        hierarchy: cgroups.Hierarchy | None,
        scratch: str,
    ) -> None:
        self._control = control
        self._rooms = rooms
        self._hierarchy = hierarchy
        self._scratch = scratch
        self._running: dict[int, keeper.Premises] = {}

    def serve(self) -> None:
        """Serve until the other end is closed and every fork has ended."""
        while True:
            received = socket.recv_fds(self._control, MESSAGE_LIMIT, _DESCRIPTORS)
            message, descriptors = received[:2]
            self._reap(os.WNOHANG)
            if not message:
                break
            request = json.loads(message)
            premises = None if "trusted" in request else self._premises(request)
            process = os.fork()
            if process == 0:
                self._in_fork(request, premises, descriptors)
            if premises is not None:
                self._running[process] = premises
            for descriptor in descriptors:
                os.close(descriptor)
        self._reap(0)

    def _premises(self, request: dict[str, Any]) -> keeper.Premises:
        tier, bounds = request["tier"], Limits(**request["limits"])
        room = self._rooms[tier]
        if isinstance(room, reduced.ReducedRoom):
            scratch = tempfile.mkdtemp(dir=self._scratch)
            if os.geteuid() == 0:
                Path(self._scratch).chmod(0o711)
                os.chown(scratch, namespaces.NOBODY, namespaces.NOBODY)
            room = dataclasses.replace(room, scratch=scratch)
        group = None
        if self._hierarchy is not None:
            with contextlib.suppress(OSError):  # then the watchdog counts
                group = self._hierarchy.make(bounds)
        return keeper.Premises(tier, room, bounds, group, request["self_test"])

    def _reap(self, options: int) -> None:
        """Wait for forks that have ended, so that their CPU time counts as ours."""
        with contextlib.suppress(ChildProcessError):
            while process := os.waitpid(-1, options)[0]:
                premises = self._running.pop(process, None)
                if premises is None:
                    continue
                if premises.group is not None:
                    premises.group.remove()
                if premises.scratch:
                    shutil.rmtree(premises.scratch, ignore_errors=True)

    def _in_fork(
        self, request: dict[str, Any], premises: keeper.Premises | None, descriptors: list[int]
    ) -> None:
        status = 1
        try:
            self._control.close()
            os.setsid()
            if premises is None:
                module = importlib.import_module(request["trusted"])
                module.serve(socket.socket(fileno=descriptors[0]))
            else:
                keeper.keep(premises, keeper.Descriptors(*descriptors))
            status = 0
        except BaseException as error:  # noqa: BLE001 - a fork must never return into the server
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
        finally:
            os._exit(status)


if __name__ == "__main__":
    main()
