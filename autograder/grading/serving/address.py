"""Where a watcher listens: a Unix socket that its own user alone can reach."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path("practice", "server")
"""In the course folder, which students get no copy of this part of."""
_NAME = "socket"
_CREDENTIALS = struct.Struct("3i")
_WAITING = 16
_CONNECT_SECONDS = 5


class NotServedError(Exception):
    """No server grades this here; the message says why, as the end of a sentence."""


def listen(root: Path) -> socket.socket:
    """Listen, in place of a watcher that has ended.

    Args:
        root: The course folder. Only its one watcher calls this.

    Raises:
        OSError: If its file system has no sockets, or the folder is not this user's.
    """
    path = root / _FOLDER
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)  # it may be older, and a group's
    with _opened(path) as folder:
        address = f"{folder}/{_NAME}"
        Path(address).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(address)
            Path(address).chmod(0o600)
            listener.listen(_WAITING)
        except BaseException:
            listener.close()
            raise
    return listener


def connect(root: Path) -> socket.socket:
    """Connect to the course's watcher.

    Args:
        root: The course folder.

    Raises:
        NotServedError: If none runs, or it is not this user's.
    """
    channel = socket.socket(socket.AF_UNIX)
    channel.settimeout(_CONNECT_SECONDS)
    try:
        with _opened(root / _FOLDER) as folder:
            channel.connect(f"{folder}/{_NAME}")
        if user_at_the_other_end(channel) != os.geteuid():
            raise PermissionError(None, "it is another user's")
    except OSError as error:
        channel.close()
        raise NotServedError(f"no watcher answers: {error.strerror or error}") from error
    return channel


def user_at_the_other_end(channel: socket.socket) -> int:
    """The user whose process connected or listened, as the kernel knows it."""
    packed = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(packed)[1])


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[str]:
    """A name of the folder itself, in whose place nobody can put another one meanwhile.

    It is short, too: the kernel takes no more than 107 bytes for a socket's.

    Raises:
        OSError: If the folder is not this user's alone.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
            raise PermissionError(None, "others may write into its folder")
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
