"""Run a command line; every mishap ends as a message, never as a traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from autograder.cli.console import BAD_USAGE, INTERRUPTED, SUCCESS, print_error
from autograder.errors import AutograderError


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit.

    Args:
        app: The commands.
        arguments: What was typed behind the program's name; that of this process unless told.
    """
    try:
        status = app(args=arguments, standalone_mode=False)
    except AutograderError as error:
        print_error(error.message, error.tip)
        status = BAD_USAGE
    except KeyboardInterrupt:
        print_error("Stopped.", "What was graded is kept; the same command goes on from there.")
        status = INTERRUPTED
    except typer.Abort:
        status = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line before a person's terminal
        status = _print_unexpected(error)
    sys.exit(status if isinstance(status, int) else SUCCESS)


def _print_unexpected(error: Exception) -> int:
    """Usage errors come from the command line's library; the rest is a defect of ours."""
    show = getattr(error, "show", None)
    if callable(show):
        show()
        return BAD_USAGE
    print_error(
        f"Something went wrong in the grader itself: {type(error).__name__}: {error}",
        "Please report it. Finished Grades are kept; the same command goes on from there.",
    )
    return BAD_USAGE
