"""What stands in the way of a wall, in words: the kernel's refusal, and what mends it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import namespaces, syscalls

_SETTINGS: Final = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", b"1", "0"),
    ("/proc/sys/kernel/unprivileged_userns_clone", b"0", "1"),
    ("/proc/sys/user/max_user_namespaces", b"0", "15000"),
)
_CONTAINER: Final = (
    "In a container, let its profile allow it: with docker run, "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined."
)


def insist_on_known_system() -> None:
    """Refuse systems for which there are no walls at all.

    Raises:
        SandboxUnavailableError: If this is not Linux on a processor that is known.
    """
    if sys.platform != "linux":
        raise SandboxUnavailableError(
            f"The sandbox needs Linux, and this is {sys.platform}.",
            "Run it in a Linux container, a virtual machine or, on Windows, in WSL 2.",
        )
    if syscalls.MACHINE not in syscalls.MACHINES or sys.maxsize < 2**32:
        raise SandboxUnavailableError(
            f"The sandbox's filter on system calls does not know {syscalls.MACHINE}.",
            f"Use a 64-bit machine and Python: {' or '.join(syscalls.MACHINES)}.",
        )


_UNREADABLE: Final = "Install Python where the user who grades may read it, or grade as that user."


@contextlib.contextmanager
def wall(step: str, tip: Callable[[int], str]) -> Iterator[None]:
    """Turn a refusal of the kernel into a message that names the wall and what mends it."""
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        code = errno.errorcode.get(number, f"error {number}")
        asked = f"{error.filename} failed with " if error.filename else ""
        raise SandboxUnavailableError(
            f"The sandbox cannot {step} here: {asked}{code} ({error.strerror}).",
            tip(number),
        ) from error


def forbidding_setting() -> tuple[str, str] | None:
    """The kernel setting that forbids user namespaces here, and the value that allows them."""
    for path, bad, good in _SETTINGS:
        with contextlib.suppress(OSError):
            # Bytes, since a codec may be out of reach by now.
            if Path(path).read_bytes().strip() == bad:
                return path.removeprefix("/proc/sys/").replace("/", "."), good
    return None


def namespace_tip(number: int) -> str:
    """What mends a refusal of namespaces."""
    if number == errno.EINVAL:
        return "The process that builds the sandbox must have one thread; this is a grader's bug."
    if number in {errno.ENOSPC, errno.EUSERS}:
        return "Raise the number of namespaces: sudo sysctl user.max_user_namespaces=15000."
    setting = forbidding_setting()
    if setting is not None:
        name, good = setting
        return f"Allow user namespaces: sudo sysctl {name}={good}."
    return f"Allow user namespaces to ordinary users. {_CONTAINER}"


def mount_tip(number: int) -> str:
    """What mends a refusal of the private root."""
    if number == errno.ENOSYS:
        return f"Linux 5.13 or newer is needed, and this is {os.uname().release}."
    if number == errno.EINVAL:
        return "Grade on a system that was started from a disk, not in a chroot."
    if number in {errno.EACCES, errno.ENOENT}:
        return _UNREADABLE
    return namespace_tip(number)


def landlock_tip(number: int) -> str:
    """What mends a refusal of Landlock."""
    if number in {errno.EACCES, errno.ENOENT}:
        return _UNREADABLE
    if number == errno.EOPNOTSUPP:
        return 'Add "landlock" to the list lsm= of the kernel\'s boot parameters, and restart.'
    if number == errno.ENOSYS:
        return f"Linux 5.13 or newer, built with Landlock, is needed; this is {os.uname().release}."
    return _CONTAINER


def user_tip(_number: int) -> str:
    """What mends a refusal to become an ordinary user."""
    return f"Grade as an ordinary user, or let root become user {namespaces.NOBODY}."


def room_tip(_number: int) -> str:
    """What mends a path that cannot be shown."""
    return "Mend or remove the path; it is one that Python's imports use."


def seccomp_tip(_number: int) -> str:
    """What mends a refusal of seccomp."""
    return "A kernel built with CONFIG_SECCOMP_FILTER is needed. " + _CONTAINER


def container_tip(_number: int) -> str:
    """What mends a refusal that only a container makes."""
    return _CONTAINER
