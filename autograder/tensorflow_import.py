"""Import TensorFlow without the output of its C++ code."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys


def import_tensorflow() -> None:
    """Import TensorFlow quietly.

    It prints about CUDA before it reads its own log level, so standard error is redirected during
    the import.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    stderr = os.dup(2)
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, stderr)
        null = os.open(os.devnull, os.O_WRONLY)
        stack.callback(os.close, null)
        os.dup2(null, 2)
        try:
            importlib.import_module("tensorflow")
        finally:
            os.dup2(stderr, 2)
