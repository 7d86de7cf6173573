"""No walls at all, for a person who asked for it: limits, and closed descriptors."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.sandbox import limits as resource_limits
from autograder.sandbox import refusals, syscalls
from autograder.sandbox.limits import Limits


def separate(_room: None) -> None:
    """Separate nothing."""


def shut(_room: None, limits: Limits, keep: Sequence[int]) -> None:
    """Apply limits and close descriptors.

    Processes are not limited, since without a namespace all of the user's would count.
    """
    with refusals.wall("set resource limits", refusals.container_tip):
        resource_limits.apply(limits, count_processes=False)
    with refusals.wall("close inherited descriptors", refusals.container_tip):
        syscalls.close_all_but(keep)
