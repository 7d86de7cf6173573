"""A stream of messages with a bound on their size, whose other end may stop at any time."""

from __future__ import annotations

import contextlib
import socket
import struct

from typing_extensions import Self

from autograder.errors import WireError
from autograder.wire import Message, send

_LENGTH = struct.Struct(">Q")
_MOST_BYTES = 64 * 2**20
"""More than the largest submission with its modules."""


class Channel:
    """One end of a stream of messages; a context manager that closes it.

    Args:
        end: A connected socket.
        seconds: How long the other end may be silent.
    """

    def __init__(self, end: socket.socket, seconds: float) -> None:
        end.settimeout(seconds)
        self._socket = end
        self._stream = end.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stream.close()
        self._socket.close()

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            OSError: If the other end is gone, or does not read.
        """
        send(self._socket, message)

    def receive(self) -> bytes | None:
        """Receive a packed message; None if the other end was closed.

        Raises:
            OSError: If the other end is silent for too long.
            WireError: If the message is too large.
        """
        header = self._stream.read(_LENGTH.size)
        if len(header) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack(header)
        if size > _MOST_BYTES:
            raise WireError(f"a message of {size} bytes")
        body = self._stream.read(size)
        return body if len(body) == size else None

    def stop_reading(self) -> None:
        """Let `receive` return None, in whichever thread waits for it."""
        with contextlib.suppress(OSError):  # it was closed meanwhile
            self._socket.shutdown(socket.SHUT_RD)
