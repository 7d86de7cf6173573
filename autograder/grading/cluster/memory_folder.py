"""A folder in memory, for files that a machine's disk must never hold."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import MachineError

_MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it are private
_FILE_SYSTEMS = ("tmpfs", "ramfs")
_PREFIX = "autograder-session-"
_DELETE = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"


@contextlib.contextmanager
def memory_folder(parent: Path = _MEMORY) -> Iterator[Path]:
    """A private folder in a file system in memory, which ends with this process.

    A process of its own waits for this one to end, however that happens, and deletes the folder
    then. Where that one is killed too, the next session on this machine deletes it.

    Args:
        parent: Where to make it.

    Yields:
        The folder, which only this user can enter.

    Raises:
        MachineError: If there is no file system in memory here, or no room in it.
    """
    if _file_system(parent) not in _FILE_SYSTEMS:
        raise MachineError(
            f"{parent} is not a file system in memory, and the course's files must not be written "
            "to this machine's disk.",
            f"Mount a tmpfs on {parent}: mount -t tmpfs tmpfs {parent}.",
        )
    _delete_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-I", "-S", "-c", _DELETE, str(folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # a signal to this process's group must not end it
            cwd="/",
        ):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _file_system(path: Path) -> str:
    """The kind of file system that is mounted on a path, such as "tmpfs"; "" if none is."""
    kind = ""
    for line in Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines():
        fields, _, rest = line.partition(" - ")
        if fields.split()[4] == str(path.resolve()):
            kind = rest.split()[0]  # a later mount hides an earlier one
    return kind


def _delete_abandoned(parent: Path) -> None:
    """Delete folders whose process was killed, and whose deleter too."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
