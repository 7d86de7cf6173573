"""The full tier: namespaces, a private root, Landlock, limits and seccomp.

The fork server plans it once. For each submission a supervisor calls `isolate` and forks. The
child, pid 1 of its namespace, calls `confine`, and may then run student code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox import diagnostics
from autograder.sandbox import limits as resource_limits
from autograder.sandbox.kernel import landlock, namespaces, seccomp, syscalls
from autograder.sandbox.limits import Limits

_SCRATCH_BYTES: Final = 64 * 2**20

_SYSTEM_PATHS: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"),
    *("/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/fonts", "/usr/local/share/fonts"),
    *("/etc/fonts", "/etc/ld.so.cache", "/etc/localtime"),
)


@dataclass(frozen=True)
class FullTier:
    """The full tier; see `Tier`.

    Attributes:
        mounts: The private root.
        system_calls: The seccomp filter.
        scratch: "": submissions have file systems in memory.
    """

    mounts: namespaces.MountPlan
    system_calls: bytes
    scratch: str = ""

    @classmethod
    def plan(cls, visible_paths: Sequence[str], scratch_bytes: int = _SCRATCH_BYTES) -> FullTier:
        """Plan it, once, in the fork server.

        Args:
            visible_paths: Absolute paths of files and folders that are visible, read-only.
            scratch_bytes: Size of /tmp and of /dev/shm, each private and in memory.

        Raises:
            SandboxUnavailableError: If it cannot be built on this machine at all.
            ValueError: If a path cannot be mounted, such as "/".
        """
        diagnostics.require_supported_system()
        with diagnostics.layer("use Landlock", diagnostics.landlock_tip):
            landlock.version()
        with diagnostics.layer("build its private root", diagnostics.path_tip):
            mounts = namespaces.plan_mounts(tuple(visible_paths), scratch_bytes)
        return cls(mounts, seccomp.build())

    def isolate(self) -> None:
        """Move the calling process, a supervisor, to new namespaces; its next child is confined.

        Root becomes `namespaces.NOBODY` irrevocably. The working directory becomes the root that
        `confine` enters, so the supervisor must not change it. Set a parent-death signal after this
        call, because a change of user clears it.

        Raises:
            SandboxUnavailableError: If a layer cannot be built; then end this process.
        """
        copies = None
        if os.geteuid() == 0:
            with diagnostics.layer("build its private root", diagnostics.mount_tip):
                copies = _copy_trees_as_root(self.mounts)
            with diagnostics.layer("become an ordinary user", diagnostics.user_tip):
                namespaces.drop_privileges()
        with diagnostics.layer("enter namespaces of its own", diagnostics.namespace_tip):
            namespaces.enter()
        with diagnostics.layer("build its private root", diagnostics.mount_tip):
            if copies is None:
                copies = namespaces.copy_trees(self.mounts)
            namespaces.build_root(self.mounts, copies)

    def confine(self, limits: Limits, keep: Sequence[int]) -> None:
        """Confine the calling process, the first child since `isolate`, irrevocably.

        Args:
            limits: What this process and its children may use.
            keep: Descriptors that stay open; all others are closed.

        Raises:
            SandboxUnavailableError: If a layer cannot be built; then end this process.
        """
        with diagnostics.layer("build its private root", diagnostics.mount_tip):
            namespaces.enter_root()
        with diagnostics.layer("drop its capabilities", diagnostics.container_tip):
            syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
            namespaces.lock_capabilities()
            syscalls.drop_capabilities()
        with diagnostics.layer("use Landlock", diagnostics.landlock_tip):
            landlock.restrict(
                readable=(*self.mounts.trees, "/etc", "/proc"),
                writable=(*namespaces.SCRATCH, *namespaces.DEVICES),
            )
        with diagnostics.layer("set resource limits", diagnostics.container_tip):
            resource_limits.apply(limits)
        with diagnostics.layer("close inherited descriptors", diagnostics.container_tip):
            syscalls.close_all_but(keep)
        with diagnostics.layer("filter system calls by seccomp", diagnostics.seccomp_tip):
            seccomp.load(self.system_calls)


def visible_paths() -> tuple[str, ...]:
    """Paths that must be visible for this Python to import whatever is installed for it.

    Only library folders: never a whole prefix, which may be a project's folder, and of `sys.path`
    only `site-packages`, because an editable install adds its project there.
    """
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    libraries = [f"{prefix}/{name}" for prefix in prefixes for name in ("lib", "lib64")]
    installed = [
        entry for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"}
    ]
    candidates = map(Path, [*_SYSTEM_PATHS, *libraries, *installed, sys.executable])
    return tuple(str(path) for path in candidates if path.is_absolute() and path.exists())


def _copy_trees_as_root(mounts: namespaces.MountPlan) -> dict[str, int] | None:
    """Copy the trees while root can still enter every folder on the way to them.

    None if this root may not mount: then they are copied inside the namespaces.
    """
    try:
        return namespaces.copy_trees(mounts)
    except PermissionError:
        return None
