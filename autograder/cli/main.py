"""Run a command line, and turn every error into a message and an exit status."""

from __future__ import annotations

import contextvars
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import NoReturn

import typer

from autograder.cli.console import (
    BAD_USAGE,
    BROKEN_PIPE,
    INTERNAL_ERROR,
    INTERRUPTED,
    SUCCESS,
    err,
    print_error,
)
from autograder.errors import AutograderError

_debug = contextvars.ContextVar("debug", default=False)


def show_tracebacks(*, enabled: bool) -> None:
    """Choose whether the traceback of an unexpected error is printed too."""
    _debug.set(enabled)


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit.

    Args:
        app: The commands.
        arguments: The arguments after the program's name; default: those of this process.
    """
    try:
        status = app(args=arguments, standalone_mode=False)
    except AutograderError as error:
        print_error(error.message, error.tip)
        status = BAD_USAGE
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except BrokenPipeError:
        status = _end_quietly()
    except OSError as error:  # of the machine, which a person can fix
        what = error.filename or "This machine"
        print_error(
            f"{what}: {error.strerror or error}.", "Fix this and run the same command again."
        )
        status = BAD_USAGE
    except Exception as error:  # noqa: BLE001 - nobody else would report it
        status = _usage_error(error) or _internal_error(error)
    if status == INTERRUPTED:  # typer turns Ctrl-C into this status
        print_error("Stopped.", "Finished Grades are kept; the same command continues from there.")
    sys.exit(status if isinstance(status, int) else SUCCESS)


def _end_quietly() -> int:
    """End as a program does whose reader went away, such as `head`."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    return BROKEN_PIPE


def _usage_error(error: Exception) -> int | None:
    """Show an error of typer's; None for any other error."""
    show = getattr(error, "show", None)
    if not callable(show):
        return None
    show()
    return BAD_USAGE


def _internal_error(error: Exception) -> int:
    """Report a defect of the grader in one line, which names a log file with the traceback."""
    text = "".join(traceback.format_exception(error))
    descriptor, path = tempfile.mkstemp(prefix="autograder-error-", suffix=".log", text=True)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    if _debug.get():
        err.print(text, markup=False, soft_wrap=True)
    print_error(
        f"Something went wrong in the grader itself: {type(error).__name__}: {error}. The "
        f"traceback is in {path}.",
        "Please report it with that file. Finished Grades are kept; the same command continues "
        "from there.",
    )
    return INTERNAL_ERROR
