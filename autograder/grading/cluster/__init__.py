"""Grade on more than one machine, by Dask."""

from __future__ import annotations

from autograder.grading.cluster.connection import Scheduler
from autograder.grading.cluster.place import ClusterGrader

__all__ = ["ClusterGrader", "Scheduler"]
