"""Configure TensorFlow so that two runs agree bit for bit, and report its settings."""

from __future__ import annotations

import tensorflow as tf


def configure_tensorflow(*, fast: bool = False) -> None:
    """Use one thread and deterministic operations; call it before the first operation.

    Args:
        fast: Whether to train the fast way, which must have given identical results before.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    if fast:
        from autograder.exercises import fast_fit  # noqa: PLC0415 - for one Keras version only

        fast_fit.install()


def measured_environment() -> dict[str, str]:
    """Settings of this process that results depend on, as TensorFlow reports them.

    Its internals report them, which may differ in the versions that students have; so only the
    grader, whose TensorFlow is pinned, imports them.
    """
    from tensorflow.python.framework import config  # noqa: PLC0415 - as above
    from tensorflow.python.util import _pywrap_util_port  # noqa: PLC0415 - as above

    threads = {
        tf.config.threading.get_intra_op_parallelism_threads(),
        tf.config.threading.get_inter_op_parallelism_threads(),
    }
    return {
        "onednn": "on" if _pywrap_util_port.IsMklEnabled() else "off",
        "op_determinism": "on" if config.is_op_determinism_enabled() else "off",
        "threads": " and ".join(str(count or "all cores") for count in sorted(threads)),
    }
