"""Load the seccomp filter in /harness/filter, as a container's runtime does, and become a program.

python load_filter.py PROGRAM ARGUMENT...
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

SET_SECCOMP, FILTER = 22, 2


class Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


if __name__ == "__main__":
    code = Path("/harness/filter").read_bytes()
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(SET_SECCOMP, FILTER, ctypes.byref(Program(len(code) // 8, code))) != 0:
        sys.exit(f"no filter: {os.strerror(ctypes.get_errno())}")
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - what the container runs
