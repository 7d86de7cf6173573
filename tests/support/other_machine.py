"""A fork server that trains with another number of threads; see `tools/machines/portability.py`.

python -I tests/support/other_machine.py THREADS DESCRIPTOR
"""

from __future__ import annotations

import sys

import tensorflow as tf

from autograder.sandbox import fork_server, self_test

_set_threads = tf.config.threading.set_intra_op_parallelism_threads


def _set_other_threads(_threads: int) -> None:
    """Stand for TensorFlow's function, whatever number the sandbox asks for."""
    _set_threads(int(sys.argv[1]))


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads = _set_other_threads
    # The self-test takes the variables that make another machine of this one for the grader's own.
    self_test._works = lambda *_arguments: False
    fork_server.main()
