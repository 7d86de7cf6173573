"""Choose thresholds from evidence: what right and wrong submissions reach over many seeds."""

from __future__ import annotations

from autograder.authoring.calibration.calibrate import calibrate, decide, seeds_needed
from autograder.authoring.calibration.digest import code_meaning, evidence_digest
from autograder.authoring.calibration.evidence import (
    CONFIDENCE,
    MOST_FALSE_FAILS,
    Evidence,
    read_evidence,
)
from autograder.authoring.calibration.measured import measurements
from autograder.authoring.calibration.picture import draw
from autograder.authoring.calibration.rate_bound import rate_at_most, runs_needed
from autograder.authoring.calibration.thresholds import between
from autograder.authoring.calibration.trial_cache import TrialCache
from autograder.authoring.calibration.trial_runs import (
    EntryTrials,
    Measure,
    TrialRun,
    Trials,
    trial_run,
)
from autograder.authoring.calibration.trial_store import read_trials, write_trials

__all__ = [
    "CONFIDENCE",
    "MOST_FALSE_FAILS",
    "EntryTrials",
    "Evidence",
    "Measure",
    "TrialCache",
    "TrialRun",
    "Trials",
    "between",
    "calibrate",
    "code_meaning",
    "decide",
    "draw",
    "evidence_digest",
    "measurements",
    "rate_at_most",
    "read_evidence",
    "read_trials",
    "runs_needed",
    "seeds_needed",
    "trial_run",
    "write_trials",
]
