"""The fork server's environment variables, and the versions that results depend on."""

from __future__ import annotations

import platform


def clean_environment() -> dict[str, str]:
    """The fork server's environment variables: none of the caller's, one thread, no oneDNN."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - private to the sandbox, and empty
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "KERAS_BACKEND": "tensorflow",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "HDF5_USE_FILE_LOCKING": "FALSE",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108
    }


def versions() -> dict[str, str]:
    """Versions that results depend on besides the submission."""
    import keras  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "machine": platform.machine(),
    }


def tensorflow_build() -> str:
    """What TensorFlow was built for: "CPU" or "CUDA"."""
    import tensorflow as tf  # noqa: PLC0415

    return "CUDA" if tf.sysconfig.get_build_info()["is_cuda_build"] else "CPU"
