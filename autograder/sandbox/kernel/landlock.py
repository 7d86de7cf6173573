"""Landlock: an allow-list of files that holds even where the private root has a hole.

It denies TCP, abstract sockets and signals to the outside too, as far as the kernel's Landlock
supports that.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Sequence

from autograder.sandbox.kernel import syscalls

_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_MAKE_SYM = 1 << 12
_REFER = 1 << 13
_TRUNCATE = 1 << 14

_READ = _READ_FILE | _READ_DIR
# No EXECUTE anywhere, and no sockets, pipes or devices by name.
_CHANGE = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM
_WRITE = _READ | _CHANGE | _REFER | _TRUNCATE
_ON_FILES = _WRITE_FILE | _READ_FILE | _TRUNCATE

# How many file rights each version of the interface has.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_ABI = 4
_SCOPE_ABI = 6
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_VERSION_FLAG = 1
_PATH_BENEATH = 1
_RULE = struct.Struct("=Qi")


def version() -> int:
    """The version of the kernel's Landlock interface, at least 1.

    Raises:
        OSError: ENOSYS if the kernel has none, EOPNOTSUPP if it is disabled at boot.
    """
    return syscalls.call("landlock_create_ruleset", 0, 0, _VERSION_FLAG)


def restrict(readable: Sequence[str], writable: Sequence[str]) -> None:
    """Restrict this process, and all that it starts, to an allow-list of paths.

    Args:
        readable: Files and folders that may be read, with all below them.
        writable: Files and folders that may be read and changed, with all below them.

    Raises:
        OSError: If the kernel does not allow it, or a path is missing.
    """
    abi = version()
    handled = (1 << _FILE_RIGHTS[min(abi, max(_FILE_RIGHTS))]) - 1
    attributes = struct.pack("=Q", handled)
    if abi >= _NETWORK_ABI:
        # Handled, and never allowed by a rule: denied.
        attributes += struct.pack("=Q", _TCP_BIND_AND_CONNECT)
    if abi >= _SCOPE_ABI:
        attributes += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = syscalls.call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, _WRITE & handled)
        syscalls.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= _ON_FILES
        rule = _RULE.pack(rights, target)
        syscalls.call("landlock_add_rule", ruleset, _PATH_BENEATH, rule, 0, what=f"rule for {path}")
    finally:
        os.close(target)
