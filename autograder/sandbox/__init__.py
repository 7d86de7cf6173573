"""Run student code where it can reach nothing: one confined fork per submission, bytes out."""

from __future__ import annotations

from autograder.sandbox.client import TIERS, ForkServer, Programs
from autograder.sandbox.diagnostics import require_limits
from autograder.sandbox.launch import FORK_SERVER
from autograder.sandbox.limits import Limits, bound_memory, bounded_time, cpu_limit
from autograder.sandbox.run import Completed, Ending

__all__ = [
    "FORK_SERVER",
    "TIERS",
    "Completed",
    "Ending",
    "ForkServer",
    "Limits",
    "Programs",
    "bound_memory",
    "bounded_time",
    "cpu_limit",
    "require_limits",
]
