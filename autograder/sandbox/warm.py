"""The warm process: it has imported TensorFlow, and forks.

It only imports and forks. After one real operation its forks would hang, so it never runs any.
A fork is either a *keeper*, which walls in one submission, or a *trusted* process such as the
scorer, which never runs student code. Started by `client` as `python -I -m`, with a clean
environment; it speaks JSON over a socket whose messages carry descriptors.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from autograder import exercises
from autograder.errors import AutograderError
from autograder.sandbox import keeper, walls
from autograder.sandbox.limits import Limits

MESSAGE_LIMIT = 65_536
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
    control = socket.socket(fileno=int(sys.argv[1]))
    config = json.loads(control.recv(MESSAGE_LIMIT))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then stops us
    try:
        exercise_names = [m.name for m in pkgutil.iter_modules(exercises.__path__)]
        own = [f"autograder.exercises.{name}" for name in exercise_names]
        _import_all([*_HARNESS, *own, *config["preload"]])
        room = None if config["unsafe"] else walls.open_room(walls.python_room())
    except Exception as error:  # noqa: BLE001 - the client turns it into words
        tip = error.tip if isinstance(error, AutograderError) else ""
        control.send(json.dumps({"error": str(error)[:4000], "tip": tip}).encode())
        return
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"ready": True, "threads": _threads()}).encode())
    _serve(control, room)


def _import_all(names: list[str]) -> None:
    for name in names:
        # another TensorFlow or Keras may keep these elsewhere; they are an optimization only
        optional = name in _OPTIONAL
        with contextlib.suppress(ImportError) if optional else contextlib.nullcontext():
            importlib.import_module(name)


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _serve(control: socket.socket, room: walls.OpenRoom | None) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_LIMIT, _DESCRIPTORS)
        _reap(os.WNOHANG)
        if not message:
            break
        request = json.loads(message)
        if os.fork() == 0:
            _in_fork(control, room, request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
    _reap(0)


def _reap(options: int) -> None:
    """Wait for forks that have ended, so that their CPU time counts as ours."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _in_fork(
    control: socket.socket,
    room: walls.OpenRoom | None,
    request: dict[str, Any],
    descriptors: list[int],
) -> None:
    status = 1
    try:
        control.close()
        os.setsid()
        if "trusted" in request:
            module = importlib.import_module(request["trusted"])
            module.serve(socket.socket(fileno=descriptors[0]))
        else:
            keeper.keep(room, Limits(**request["limits"]), keeper.Descriptors(*descriptors))
        status = 0
    except BaseException as error:  # noqa: BLE001 - a fork must never return into the server's loop
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
