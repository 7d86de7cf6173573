"""Run student code where it can reach nothing: one confined fork per submission, bytes out."""

from __future__ import annotations

from autograder.sandbox.capacity import Capacity, find_capacity
from autograder.sandbox.client import TIERS, ForkServer, Programs
from autograder.sandbox.diagnostics import OWN_MEMORY_MB, require_limits
from autograder.sandbox.kernel.cgroups import enclosing_memory_mb
from autograder.sandbox.launch import FORK_SERVER
from autograder.sandbox.limits import Limits, bound_memory, bounded_time, cpu_limit
from autograder.sandbox.run import Completed, Ending

__all__ = [
    "FORK_SERVER",
    "OWN_MEMORY_MB",
    "TIERS",
    "Capacity",
    "Completed",
    "Ending",
    "ForkServer",
    "Limits",
    "Programs",
    "bound_memory",
    "bounded_time",
    "cpu_limit",
    "enclosing_memory_mb",
    "find_capacity",
    "require_limits",
]
