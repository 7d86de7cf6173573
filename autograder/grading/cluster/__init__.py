"""Grade on more than one machine, by Dask."""

from __future__ import annotations

from autograder.grading.cluster.connection import Scheduler
from autograder.grading.cluster.messages import GradeDone, JobFailed, RemoteSubmission
from autograder.grading.cluster.place import ClusterGrader, Session
from autograder.grading.cluster.worker_session import JobSeeds

__all__ = [
    "ClusterGrader",
    "GradeDone",
    "JobFailed",
    "JobSeeds",
    "RemoteSubmission",
    "Scheduler",
    "Session",
]
