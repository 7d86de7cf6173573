"""Wait for trouble of the machine that passes: a locked gradebook, a full disk."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from typing import TypeVar

from autograder.errors import GradebookError, MachineError

Result = TypeVar("Result")
Tell = Callable[[str], None]

PASSES = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EBUSY),
    *(errno.ENOMEM, errno.EIO, errno.ESTALE),
)
"""Errors that may be over in a moment."""
_DELAYS = (1, 2, 4, 8, 15, 30, 30)
"""Seconds between attempts, a minute and a half in all."""


def with_retries(
    action: Callable[[], Result],
    tell: Tell,
    sleep: Callable[[float], object] = time.sleep,
    attempts: int | None = None,
) -> Result:
    """Do something; if the machine does not let it, wait and try again.

    Args:
        action: What to do; it can be done again after it failed.
        tell: Called with a line before each wait.
        sleep: Waits for so many seconds.
        attempts: How often to try; default: for a minute and a half.

    Returns:
        What the action returns.

    Raises:
        MachineError: If the trouble does not pass, or is of another kind.
        GradebookError: Likewise, if it is the gradebook's.
    """
    for delay in _DELAYS if attempts is None else _DELAYS[: attempts - 1]:
        try:
            return action()
        except GradebookError as error:
            if not error.passes:
                raise
            reason = error.message
        except OSError as error:
            if error.errno not in PASSES:
                raise _machine_error(error) from error
            reason = _machine_error(error).message
        tell(f"{reason} Trying again in {delay} s; finished Grades are kept.")
        sleep(delay)
    try:
        return action()
    except OSError as error:
        raise _machine_error(error) from error


def _machine_error(error: OSError) -> MachineError:
    what = f"{error.filename2 or error.filename or 'A file'} cannot be written"
    return MachineError(
        f"{what}: {error.strerror}.",
        "Fix this and run the same command again; finished Grades are kept.",
    )
