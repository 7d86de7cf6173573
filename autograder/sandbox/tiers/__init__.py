"""How a submission is confined: the full tier, the reduced tier, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autograder.sandbox.limits import Limits
from autograder.sandbox.tiers.full import FullTier, visible_paths
from autograder.sandbox.tiers.reduced import NEEDED_LANDLOCK, ReducedTier
from autograder.sandbox.tiers.unsafe import UnsafeTier

__all__ = [
    "NEEDED_LANDLOCK",
    "FullTier",
    "ReducedTier",
    "Tier",
    "UnsafeTier",
    "visible_paths",
]


class Tier(Protocol):
    """How submissions are confined: planned once, then carried out for each submission."""

    @property
    def scratch(self) -> str:
        """The submission's own folder on the disk; "" where it has file systems in memory."""

    def isolate(self) -> None:
        """Isolate the supervisor, before it forks."""

    def confine(self, limits: Limits, keep: Sequence[int], /) -> None:
        """Confine the forked process irrevocably; close all descriptors except `keep`."""
