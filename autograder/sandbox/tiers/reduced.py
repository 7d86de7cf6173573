"""The reduced tier: confinement without namespaces, for systems that forbid them to ordinary users.

Landlock protects files, other processes and abstract sockets; seccomp protects the network and the
rest of what the full tier's namespaces hide. A submission is one process here, because nothing
would end the processes that it starts. Its scratch folder is on the disk; `watchdog` bounds it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import SandboxUnavailableError
from autograder.sandbox import diagnostics
from autograder.sandbox import limits as resource_limits
from autograder.sandbox.kernel import landlock, namespaces, seccomp, syscalls
from autograder.sandbox.limits import Limits

NEEDED_LANDLOCK: Final = 6
"""The first version that blocks signals and abstract sockets too; Linux 6.12 has it."""

_SYSTEM: Final = (
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems"),
    *("/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup"),
)
_OWN: Final = "/proc/self"


@dataclass(frozen=True)
class ReducedTier:
    """The reduced tier; see `Tier`.

    Attributes:
        readable: Paths that may be read.
        system_calls: The seccomp filter.
        scratch: The one folder that may be written to; each submission has its own.
    """

    readable: tuple[str, ...]
    system_calls: bytes
    scratch: str = ""

    @classmethod
    def plan(cls, visible_paths: Sequence[str]) -> ReducedTier:
        """Plan it, once, in the fork server.

        Args:
            visible_paths: Absolute paths of files and folders that may be read.

        Raises:
            SandboxUnavailableError: If it cannot be built on this machine at all.
        """
        diagnostics.require_supported_system()
        with diagnostics.layer("use Landlock", diagnostics.landlock_tip):
            version = landlock.version()
        if version < NEEDED_LANDLOCK:
            raise SandboxUnavailableError(
                f"Without user namespaces the sandbox needs Landlock {NEEDED_LANDLOCK}, and this "
                f"kernel, {os.uname().release}, has {version}.",
                "Allow user namespaces, or use Linux 6.12 or newer.",
            )
        readable = (*visible_paths, *(path for path in _SYSTEM if Path(path).exists()))
        return cls(readable, seccomp.build(single_process=True))

    def isolate(self) -> None:
        """Drop root's privileges, before the fork of the process that `confine` is for.

        Raises:
            SandboxUnavailableError: If root may not become another user.
        """
        if os.geteuid() == 0:
            with diagnostics.layer("become an ordinary user", diagnostics.user_tip):
                namespaces.lock_capabilities()
                namespaces.drop_privileges()

    def confine(self, limits: Limits, keep: Sequence[int]) -> None:
        """Confine the calling process irrevocably.

        Args:
            limits: What it may use; `watchdog` counts its processes, as the kernel counts by user.
            keep: Descriptors that stay open; all others are closed.

        Raises:
            SandboxUnavailableError: If a layer cannot be built; then end this process.
        """
        with diagnostics.layer("enter its scratch folder", diagnostics.container_tip):
            os.chdir(self.scratch)  # noqa: TID251 - student code starts here, alone in this process
        os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), self.scratch))
        tempfile.tempdir = None
        with diagnostics.layer("drop its capabilities", diagnostics.container_tip):
            syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
            syscalls.drop_capabilities()
        with diagnostics.layer("use Landlock", diagnostics.landlock_tip):
            landlock.restrict(
                readable=(*self.readable, _OWN), writable=(self.scratch, *namespaces.DEVICES)
            )
        with diagnostics.layer("set resource limits", diagnostics.container_tip):
            resource_limits.apply(limits, count_processes=False)
        with diagnostics.layer("close inherited descriptors", diagnostics.container_tip):
            syscalls.close_all_but(keep)
        with diagnostics.layer("filter system calls by seccomp", diagnostics.seccomp_tip):
            seccomp.load(self.system_calls)
