"""TensorFlow's import without what its C++ code prints."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys


def import_tensorflow() -> None:
    """Import TensorFlow.

    Its lines about CUDA come before its own log level is read, so they are cut off at the
    descriptor, for as long as the import takes.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, kept)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        stack.callback(os.close, nowhere)
        os.dup2(nowhere, 2)
        try:
            importlib.import_module("tensorflow")
        finally:
            os.dup2(kept, 2)
