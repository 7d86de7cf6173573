"""The fork server: import TensorFlow once, then fork.

It only imports and forks. After one real operation its forks would hang, so it never runs any.
A fork is either a *supervisor*, which confines one submission, or the host of a *trusted* process
such as the scorer, which never runs student code. `launch` starts it as `python -I -m`, with a
clean environment. The messages on its socket carry descriptors.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import importlib
import os
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

from autograder.errors import AutograderError, SandboxUnavailableError
from autograder.sandbox import environment
from autograder.sandbox.kernel import cgroups, namespaces
from autograder.sandbox.limits import Limits
from autograder.sandbox.supervisor import Descriptors, RunContext, supervise
from autograder.sandbox.tiers import FullTier, ReducedTier, UnsafeTier, visible_paths
from autograder.sandbox.trusted import host
from autograder.wire import (
    Failed,
    Ready,
    RunRequest,
    ServeRequest,
    Start,
    length_prefixed,
    unpack,
)

AnyTier = FullTier | ReducedTier | UnsafeTier
_MESSAGE_LIMIT = 65_536
_MAX_DESCRIPTORS = 5
_MAX_ERROR_LENGTH = 4000

# Keras imports these during its first fit; here they are imported once per class.
_DATASET_OPS = (
    *("batch_op", "cache_op", "concatenate_op", "flat_map_op", "from_tensor_slices_op"),
    *("from_tensors_op", "map_op", "prefetch_op", "range_op", "repeat_op", "shuffle_op"),
    *("take_op", "zip_op"),
)
_LAZY_MODULES = tuple(f"tensorflow.python.data.ops.{name}" for name in _DATASET_OPS)
_LIBRARIES = ("numpy.random", "secrets", "tensorflow", "keras", "IPython.core.inputtransformer2")


def main() -> None:
    """Import everything, report `Ready`, and serve until the other end of the socket is closed."""
    control = socket.socket(fileno=int(sys.argv[-1]))
    start = unpack(control.recv(_MESSAGE_LIMIT), Start)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then ends us
    try:
        _import_all(start)
        tiers, diagnostics = _plan_tiers()
    except Exception as error:  # noqa: BLE001 - the grader reports it
        tip = error.tip if isinstance(error, AutograderError) else ""
        control.send(Failed(error=str(error)[:_MAX_ERROR_LENGTH], tip=tip).pack())
        return
    gc.collect()
    gc.freeze()
    hierarchy = cgroups.find_hierarchy()
    ready = Ready(
        threads=_threads(),
        diagnostics=diagnostics,
        memory=hierarchy.name if hierarchy else "watchdog",
        environment=environment.versions(),
        tensorflow_build=environment.tensorflow_build(),
    )
    control.send(ready.pack())
    _delete_old_scratch()
    with tempfile.TemporaryDirectory(prefix=f"autograder-{os.getpid()}-") as scratch:
        _Server(control, tiers, hierarchy, scratch).serve()


def _import_all(start: Start) -> None:
    for name in _LIBRARIES:
        importlib.import_module(name)
    for name in _LAZY_MODULES:
        # Another TensorFlow may have these elsewhere; they are only an optimization.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for name in (*start.modules, *start.preload):
        importlib.import_module(name)
    for name, argument in start.loads:
        importlib.import_module(name).load(argument)


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _plan_tiers() -> tuple[dict[str, AnyTier], dict[str, tuple[str, str]]]:
    """The tiers that are available here; for each other one, message and tip."""
    tiers: dict[str, AnyTier] = {"unsafe": UnsafeTier()}
    diagnostics = {}
    visible = visible_paths()
    for name, tier in (("full", FullTier), ("reduced", ReducedTier)):
        try:
            tiers[name] = tier.plan(visible)
        except SandboxUnavailableError as error:  # noqa: PERF203 - two tiers, two attempts
            diagnostics[name] = (error.message, error.tip)
    return tiers, diagnostics


def _delete_old_scratch() -> None:
    """Delete folders left by killed fork servers."""
    for folder in Path(tempfile.gettempdir()).glob("autograder-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


class _Server:
    """Forks on request, and deletes what a run leaves outside its sandbox.

    Args:
        control: The socket to the grader.
        tiers: How submissions are confined, by name.
        hierarchy: Where control groups can be made, or None.
        scratch: The parent of the runs' folders, for tiers without file systems in memory.
    """

    def __init__(
        self,
        control: socket.socket,
        tiers: dict[str, AnyTier],
        hierarchy: cgroups.Hierarchy | None,
        scratch: str,
    ) -> None:
        self._control = control
        self._tiers = tiers
        self._hierarchy = hierarchy
        self._scratch = scratch
        self._running: dict[int, RunContext] = {}
        self._trusted: set[int] = set()

    def serve(self) -> None:
        """Serve until the other end is closed and every fork has ended."""
        while True:
            message, descriptors, *_ = socket.recv_fds(
                self._control, _MESSAGE_LIMIT, _MAX_DESCRIPTORS
            )
            self._reap(os.WNOHANG)
            if not message:
                break
            request = unpack(message, RunRequest, ServeRequest)
            context = self._context(request) if isinstance(request, RunRequest) else None
            try:
                process = os.fork()
            except OSError as error:  # this run fails; the next one may not
                self._report(error, context, descriptors)
                continue
            if process == 0:
                self._run_fork(context or request.program, descriptors)
            if context is not None:
                self._running[process] = context
            else:
                self._trusted.add(process)
            for descriptor in descriptors:
                os.close(descriptor)
        for process in self._trusted:  # a grader that ended asks for no more scores
            os.kill(process, signal.SIGKILL)
        self._reap(0)
        if self._hierarchy is not None:
            self._hierarchy.remove_stuck()

    def _report(self, error: OSError, context: RunContext | None, descriptors: list[int]) -> None:
        """Tell that no process could be forked, and delete what was made for it."""
        failed = Failed(error=f"The machine has no process left: {error.strerror}.")
        answer_to = descriptors[0] if context is None else Descriptors(*descriptors).status
        with contextlib.suppress(OSError):
            os.write(answer_to, length_prefixed(failed))
        for descriptor in descriptors:
            os.close(descriptor)
        if context is not None:
            self._delete(context)

    def _context(self, request: RunRequest) -> RunContext:
        limits = Limits(**request.model_dump(exclude={"program", "tier"}))
        tier = self._tiers[request.tier]
        if not isinstance(tier, FullTier):
            tier = dataclasses.replace(tier, scratch=self._make_scratch(tier))
        group = None
        if self._hierarchy is not None:
            with contextlib.suppress(OSError):  # then the watchdog counts
                group = self._hierarchy.make(limits)
        return RunContext(request.program, tier, limits, group)

    def _make_scratch(self, tier: AnyTier) -> str:
        scratch = tempfile.mkdtemp(dir=self._scratch)
        if os.geteuid() == 0 and isinstance(tier, ReducedTier):
            Path(self._scratch).chmod(0o711)
            os.chown(scratch, namespaces.NOBODY, namespaces.NOBODY)
        return scratch

    def _reap(self, options: int) -> None:
        """Wait for forks that have ended, so that their CPU time counts as ours."""
        with contextlib.suppress(ChildProcessError):
            while process := os.waitpid(-1, options)[0]:
                self._trusted.discard(process)
                context = self._running.pop(process, None)
                if context is not None:
                    self._delete(context)

    @staticmethod
    def _delete(context: RunContext) -> None:
        """Delete what a run leaves outside its sandbox."""
        if context.group is not None:
            context.group.remove()
        if context.tier.scratch:
            shutil.rmtree(context.tier.scratch, ignore_errors=True)

    def _run_fork(self, task: RunContext | str, descriptors: list[int]) -> None:
        """Supervise a run, or serve as the trusted program of that name; then end the process."""
        status = 1
        try:
            self._control.close()
            os.setsid()
            if isinstance(task, RunContext):
                supervise(task, Descriptors(*descriptors))
            else:
                host(task, socket.socket(fileno=descriptors[0]))
            status = 0
        except BaseException as error:  # noqa: BLE001 - a fork must never return into the server
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
        finally:
            os._exit(status)


if __name__ == "__main__":
    main()
