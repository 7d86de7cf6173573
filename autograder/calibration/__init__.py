"""Thresholds by evidence: what right and wrong submissions reach over many seeds."""

from __future__ import annotations

from autograder.calibration.calibrate import calibrate, decide
from autograder.calibration.digest import graded_by
from autograder.calibration.evidence import (
    MOST_FALSE_FAILS,
    Evidence,
    evidence_file,
    picture_file,
    read_evidence,
)
from autograder.calibration.picture import draw

__all__ = [
    "MOST_FALSE_FAILS",
    "Evidence",
    "calibrate",
    "decide",
    "draw",
    "evidence_file",
    "graded_by",
    "picture_file",
    "read_evidence",
]
