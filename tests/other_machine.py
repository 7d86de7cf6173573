"""A warm process that trains with another number of threads; see `portability.py`.

python -I tests/other_machine.py THREADS DESCRIPTOR
"""

from __future__ import annotations

import sys

import tensorflow as tf

from autograder.sandbox import confinement, warm

_plainly = tf.config.threading.set_intra_op_parallelism_threads


def _as_many(_threads: int) -> None:
    """Stands for TensorFlow's function, whatever number the sandbox asks for."""
    _plainly(int(sys.argv[1]))


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads = _as_many
    # The self-test takes the variables that make another machine of this one for the grader's own.
    confinement._works = lambda *_arguments: False
    warm.main()
