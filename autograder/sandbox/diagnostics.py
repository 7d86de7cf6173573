"""Why a layer of the sandbox cannot be built on this machine, and how to fix that."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from autograder.errors import SandboxUnavailableError
from autograder.sandbox.kernel import cgroups, namespaces, syscalls
from autograder.sandbox.limits import Limits, lowered

OWN_MEMORY_MB: Final = 512
OWN_PROCESSES: Final = 16
"""What the grader needs beside one submission."""
_UNREADABLE: Final = "Install Python where every user can read it."
_SETTINGS: Final = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", b"1", "0"),
    ("/proc/sys/kernel/unprivileged_userns_clone", b"0", "1"),
    ("/proc/sys/user/max_user_namespaces", b"0", "15000"),
)
_CONTAINER: Final = (
    "In a container, relax its security profile: docker run "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined."
)


def require_supported_system() -> None:
    """Raise an error on a system that has no sandbox at all.

    Raises:
        SandboxUnavailableError: If this is not Linux, or not on a supported processor.
    """
    if sys.platform != "linux":
        raise SandboxUnavailableError(
            f"The sandbox needs Linux, and this is {sys.platform}.",
            "Run it in a Linux container, a virtual machine or, on Windows, in WSL 2.",
        )
    if syscalls.MACHINE not in syscalls.MACHINES or sys.maxsize < 2**32:
        raise SandboxUnavailableError(
            f"The sandbox's system call filter does not support {syscalls.MACHINE}.",
            f"Use 64-bit Python on {' or '.join(syscalls.MACHINES)}.",
        )


def require_limits(limits: Limits, own_memory_mb: int = OWN_MEMORY_MB) -> None:
    """Raise an error if this machine, user or container has less than submissions may use.

    Otherwise a submission would fail for a limit that is not the course's.

    Args:
        limits: What one submission may use.
        own_memory_mb: What the grader needs beside it, in MiB.

    Raises:
        SandboxUnavailableError: Says which limit is too low, and how to raise it.
    """
    if (low := lowered(limits)) is not None:
        option, needed, hard = low
        raise SandboxUnavailableError(
            f"This user or shell has a lower limit than the course's submissions need: ulimit "
            f"-H {option} is {hard}, and {needed} are needed.",
            f"Raise it (ulimit -H {option} unlimited, or /etc/security/limits.conf), or lower "
            "limits in course.yml.",
        )
    for what, needed, value in (
        ("MB of memory", limits.memory_mb + own_memory_mb, cgroups.enclosing_memory_mb()),
        ("processes and threads", limits.processes + OWN_PROCESSES, cgroups.enclosing_processes()),
    ):
        if value is not None and value < needed:
            raise SandboxUnavailableError(
                f"This container or control group allows {value} {what}; to grade, {needed} are "
                "needed.",
                "Give it more, or lower limits in course.yml.",
            )


@contextlib.contextmanager
def layer(step: str, tip: Callable[[int], str]) -> Iterator[None]:
    """Turn the kernel's error into one that names the layer, and says how to fix it.

    Args:
        step: What is being done, such as "use Landlock".
        tip: How to fix it, by the error's number.
    """
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        code = errno.errorcode.get(number, f"error {number}")
        call = f"{error.filename} failed with " if error.filename else ""
        raise SandboxUnavailableError(
            f"The sandbox cannot {step} here: {call}{code} ({error.strerror}).",
            tip(number),
        ) from error


def forbidding_setting() -> tuple[str, str] | None:
    """The kernel setting that forbids user namespaces here, and the value that allows them."""
    for path, bad, good in _SETTINGS:
        with contextlib.suppress(OSError):
            # Bytes, since a codec's module may no longer be readable.
            if Path(path).read_bytes().strip() == bad:
                return path.removeprefix("/proc/sys/").replace("/", "."), good
    return None


def namespace_tip(number: int) -> str:
    """How to fix an error of namespaces."""
    if number == errno.EINVAL:
        return (
            "The process that builds the sandbox must have one thread; this is a bug in the grader."
        )
    if number in {errno.ENOSPC, errno.EUSERS}:
        return "Allow more namespaces: sudo sysctl user.max_user_namespaces=15000."
    setting = forbidding_setting()
    if setting is not None:
        name, good = setting
        return f"Allow user namespaces: sudo sysctl {name}={good}."
    return f"Allow user namespaces for ordinary users. {_CONTAINER}"


def mount_tip(number: int) -> str:
    """How to fix an error of the private root."""
    if number == errno.ENOSYS:
        return f"Linux 5.13 or newer is needed, and this is {os.uname().release}."
    if number == errno.EINVAL:
        return "Grade on a system that booted from a disk, not in a chroot."
    if number in {errno.EACCES, errno.ENOENT}:
        return _UNREADABLE
    return namespace_tip(number)


def landlock_tip(number: int) -> str:
    """How to fix an error of Landlock."""
    if number in {errno.EACCES, errno.ENOENT}:
        return _UNREADABLE
    if number == errno.EOPNOTSUPP:
        return 'Add "landlock" to lsm= in the kernel\'s boot parameters, and restart.'
    if number == errno.ENOSYS:
        return f"Linux 5.13 or newer, built with Landlock, is needed; this is {os.uname().release}."
    return _CONTAINER


def user_tip(_number: int) -> str:
    """How to let root become an ordinary user."""
    return f"Grade as an ordinary user, or allow root to become user {namespaces.NOBODY}."


def path_tip(_number: int) -> str:
    """How to fix a path that cannot be mounted."""
    return "Fix or remove the path; Python uses it for imports."


def seccomp_tip(_number: int) -> str:
    """How to fix an error of seccomp."""
    return "Use a kernel built with CONFIG_SECCOMP_FILTER. " + _CONTAINER


def container_tip(_number: int) -> str:
    """How to fix an error that only occurs in containers."""
    return _CONTAINER
