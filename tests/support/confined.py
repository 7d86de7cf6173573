"""Run a few lines of code in a sandbox of their own, or without one, and see how that ends."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any, NamedTuple

from courses import ROOT

from autograder.sandbox import Limits
from autograder.sandbox.environment import clean_environment

SMALL = asdict(Limits(wall_seconds=20, memory_mb=600, processes=24, file_mb=4))
NO_SECCOMP = ("seccomp.load",)
NO_SECCOMP_NOR_LANDLOCK = ("seccomp.load", "landlock.restrict")
NO_DROPPED_CAPABILITIES = ("namespaces.lock_capabilities", "syscalls.drop_capabilities")

# Runs code as pid 1 of a sandbox; prints what it left in `answer`, and how it ended.
DRIVER = """
import ctypes, errno, json, os, signal, socket, struct, sys
from autograder.errors import SandboxUnavailableError
from autograder.sandbox import limits
from autograder.sandbox.kernel import landlock, namespaces, seccomp, syscalls
from autograder.sandbox.tiers import FullTier, visible_paths

def attempt(action, *arguments):
    try:
        return action(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]

def finish(answer, status=0):
    print(json.dumps({"answer": answer, "status": status}), flush=True)
    os._exit(0)

job = json.loads(sys.argv[1])
tier = FullTier.plan((*visible_paths(), *job["visible"]), job["scratch_bytes"])
reply, reply_end = os.pipe()
spare = os.open(os.devnull, os.O_RDONLY)
exec(job["before"])
for name in job["without"]:
    module, function = name.split(".")
    getattr(globals()[module], function)  # it must be there
    setattr(globals()[module], function, lambda *_arguments, **_options: None)
try:
    if job["confined"]:
        tier.isolate()
    process = os.fork()
    if process == 0:
        if job["confined"]:
            tier.confine(limits.Limits(**job["limits"]), (0, 1, 2, reply_end))
        try:
            exec(job["code"])
        except Exception as error:
            answer = type(error).__name__
        os.write(reply_end, json.dumps(answer).encode())
        os._exit(0)
except SandboxUnavailableError as error:
    finish([error.message, error.tip])
os.close(reply_end)
if job["kill"]:
    stray = int(os.read(reply, 32))
    os.kill(process, signal.SIGKILL)
status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
if job["kill"]:
    os.set_blocking(reply, False)
    # The pipe ends when the last process that holds its other end does.
    alive = attempt(os.read, reply, 1) == "EAGAIN"
    if alive and not job["confined"]:
        os.kill(stray, signal.SIGKILL)
    finish("alive" if alive else "ended", status)
finish(json.loads(os.read(reply, 65536) or "null"), status)
"""


class Ended(NamedTuple):
    """What the code left in `answer`, and its exit code, negative for a signal."""

    answer: Any
    status: int


def run_driver(code: str, **job: object) -> Ended:
    """Run the code in a fresh Python.

    Args:
        code: Python; what it leaves in `answer` goes through JSON.
        job: Changes to the driver's defaults: `visible` paths, `scratch_bytes`, `limits`,
            functions to leave out (`without`), code to run `before` the sandbox is built, whether
            the code is `confined`, and whether to `kill` it once it has written a process id.
    """
    defaults = {
        "visible": (),
        "scratch_bytes": 2**20,
        "limits": SMALL,
        "without": (),
        "before": "",
        "confined": True,
        "kill": False,
    }
    done = subprocess.run(  # noqa: S603 - the code is the tests' own
        [sys.executable, "-c", DRIVER, json.dumps({**defaults, **job, "code": code})],
        env={**clean_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return Ended(**json.loads(done.stdout.splitlines()[0]))


def inside(code: str, **job: object) -> Any:
    """What the code leaves in `answer` inside the sandbox, as pid 1."""
    return run_driver(code, **job).answer


def outside(code: str, **job: object) -> Any:
    """What the same code leaves without a sandbox."""
    return run_driver(code, confined=False, **job).answer
