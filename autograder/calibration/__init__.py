"""Thresholds by evidence: what right and wrong submissions reach over many seeds."""

from __future__ import annotations

from autograder.calibration.calibrate import calibrate, decide, seeds_needed
from autograder.calibration.digest import graded_by
from autograder.calibration.evidence import (
    CONFIDENCE,
    MOST_FALSE_FAILS,
    Evidence,
    evidence_file,
    picture_file,
    read_evidence,
)
from autograder.calibration.picture import draw

__all__ = [
    "CONFIDENCE",
    "MOST_FALSE_FAILS",
    "Evidence",
    "calibrate",
    "decide",
    "draw",
    "evidence_file",
    "graded_by",
    "picture_file",
    "read_evidence",
    "seeds_needed",
]
