"""Choose thresholds from evidence: what right and wrong submissions reach over many seeds."""

from __future__ import annotations

from autograder.authoring.calibration.calibrate import decide, derive_evidence, write_evidence
from autograder.authoring.calibration.collect import collect_trials, seeds_needed
from autograder.authoring.calibration.digest import code_meaning, evidence_digest, trial_digests
from autograder.authoring.calibration.evidence import (
    CONFIDENCE,
    MOST_FALSE_FAILS,
    Evidence,
    read_evidence,
)
from autograder.authoring.calibration.kept import KeptTrials
from autograder.authoring.calibration.measured import measurements
from autograder.authoring.calibration.picture import draw
from autograder.authoring.calibration.plan import Planned, plan_runs, take_turns
from autograder.authoring.calibration.rate_bound import rate_at_most, runs_needed
from autograder.authoring.calibration.thresholds import between
from autograder.authoring.calibration.trial_runs import (
    SHARED_SEEDS,
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
    "SHARED_SEEDS",
    "EntryTrials",
    "Evidence",
    "KeptTrials",
    "Measure",
    "Planned",
    "TrialRun",
    "Trials",
    "between",
    "code_meaning",
    "collect_trials",
    "decide",
    "derive_evidence",
    "draw",
    "evidence_digest",
    "measurements",
    "plan_runs",
    "rate_at_most",
    "read_evidence",
    "read_trials",
    "runs_needed",
    "seeds_needed",
    "take_turns",
    "trial_digests",
    "trial_run",
    "write_evidence",
    "write_trials",
]
