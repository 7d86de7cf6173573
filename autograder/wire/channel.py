"""Messages on a stream, each with its length in front of it."""

from __future__ import annotations

import socket
import struct

from autograder.wire.messages import Message

_LENGTH = struct.Struct(">Q")
_CHUNK = 2**20


def length_prefixed(message: Message) -> bytes:
    """A message with its length in front of it."""
    body = message.pack()
    return _LENGTH.pack(len(body)) + body


def split_messages(stream: bytes) -> list[bytes]:
    """Split a stream that has ended into packed messages; drop the last if it is incomplete.

    Args:
        stream: `length_prefixed` messages, one after another.
    """
    messages = []
    while len(stream) >= _LENGTH.size:
        end = _LENGTH.size + _LENGTH.unpack_from(stream)[0]
        if end <= len(stream):
            messages.append(stream[_LENGTH.size : end])
        stream = stream[end:]
    return messages


def send(channel: socket.socket, message: Message) -> None:
    """Send a message on a stream socket."""
    channel.sendall(length_prefixed(message))


def receive(channel: socket.socket) -> bytes | None:
    """Receive a packed message from a stream socket; None if the other end was closed."""
    header = _receive_exactly(channel, _LENGTH.size)
    return None if header is None else _receive_exactly(channel, _LENGTH.unpack(header)[0])


def _receive_exactly(channel: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        chunk = channel.recv(min(size - len(data), _CHUNK))
        if not chunk:
            return None
        data += chunk
    return bytes(data)
