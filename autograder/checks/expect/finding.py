"""What a check says: a finding while it passes, a failure with one thing to do next."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from pydantic import JsonValue

from autograder.results import Outcome

MEASURED = "measured"
"""The evidence's key under which values stand beside the thresholds that they were held against."""


class CheckFailedError(AssertionError):
    """A check's verdict other than `passed`.

    Args:
        message: What was found, with the values.
        hint: One thing to do next.
        outcome: `failed`, `not_attempted` or `resource_limit`.
    """

    def __init__(self, message: str, hint: str = "", outcome: Outcome = Outcome.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.outcome = outcome


@dataclasses.dataclass
class Finding:
    """What a check has found so far: its message, and the figures behind it.

    Attributes:
        thresholds: The assignment's thresholds, from `course.yml`.
        message: What a check that passes says.
        evidence: The figures.
    """

    thresholds: Mapping[str, float] = dataclasses.field(default_factory=dict)
    message: str = ""
    evidence: dict[str, JsonValue] = dataclasses.field(default_factory=dict)

    def say(self, message: str) -> None:
        """Set the message of a check that passes."""
        self.message = message

    def show(self, **figures: JsonValue) -> None:
        """Add figures to the evidence."""
        self.evidence |= figures

    def at_least(self, threshold: str, value: float) -> bool:
        """Whether a value reaches a threshold; shows both.

        Args:
            threshold: Its name in `course.yml`.
            value: What was measured.
        """
        return self._measure(threshold, "at_least", value) <= value

    def at_most(self, threshold: str, value: float) -> bool:
        """Whether a value keeps below a threshold; as `at_least`."""
        return self._measure(threshold, "at_most", value) >= value

    def _measure(self, threshold: str, direction: str, value: float) -> float:
        """Calibration reads these figures: every value that decides goes through here."""
        bound = self.thresholds[threshold]
        measured = self.evidence.setdefault(MEASURED, {})
        if isinstance(measured, dict):
            measured[threshold] = {"value": value, direction: bound}
        return bound
