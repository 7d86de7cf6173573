"""No isolation, for a person who asked for it: only limits, and closed descriptors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.sandbox import diagnostics
from autograder.sandbox import limits as resource_limits
from autograder.sandbox.kernel import syscalls
from autograder.sandbox.limits import Limits


@dataclass(frozen=True)
class UnsafeTier:
    """No isolation; see `Tier`.

    Attributes:
        scratch: The working directory; each submission has its own.
    """

    scratch: str = ""

    def isolate(self) -> None:
        """Isolate nothing."""

    def confine(self, limits: Limits, keep: Sequence[int]) -> None:
        """Apply limits and close descriptors.

        Processes are not limited, because without a namespace all of the user's would count.
        """
        if self.scratch:
            os.chdir(self.scratch)  # noqa: TID251 - student code starts here, alone in this process
        with diagnostics.layer("set resource limits", diagnostics.container_tip):
            resource_limits.apply(limits, count_processes=False)
        with diagnostics.layer("close inherited descriptors", diagnostics.container_tip):
            syscalls.close_all_but(keep)
