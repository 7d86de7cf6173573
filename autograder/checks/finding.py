"""What a check reports: a finding if it passes, a failure with one thing to do if it fails."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from pydantic import JsonValue

from autograder.results import MEASURED, Outcome


class CheckFailedError(AssertionError):
    """A check's verdict other than `passed`.

    Args:
        message: What was measured, with the values.
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
    """What a check reports: its message, and the figures that support it.

    Attributes:
        thresholds: The assignment's thresholds, from `course.yml`.
        message: The message if the check passes.
        evidence: The figures.
    """

    thresholds: Mapping[str, float] = dataclasses.field(default_factory=dict)
    message: str = ""
    evidence: dict[str, JsonValue] = dataclasses.field(default_factory=dict)

    def say(self, message: str) -> None:
        """Set the message for a check that passes."""
        self.message = message

    def show(self, **figures: JsonValue) -> None:
        """Add figures to the evidence."""
        self.evidence |= figures

    def at_least(self, threshold: str, value: float) -> bool:
        """Whether a value reaches a threshold; adds both to the evidence.

        Args:
            threshold: Its name in `course.yml`.
            value: What was measured.
        """
        return self._measure(threshold, "at_least", value) <= value

    def at_most(self, threshold: str, value: float) -> bool:
        """Whether a value does not exceed a threshold; otherwise like `at_least`."""
        return self._measure(threshold, "at_most", value) >= value

    def withdraw(self, threshold: str) -> None:
        """Take a measured value back: it does not decide the check after all."""
        measured = self.evidence.get(MEASURED)
        if isinstance(measured, dict):
            measured.pop(threshold, None)

    def _measure(self, threshold: str, direction: str, value: float) -> float:
        """Record a value and its threshold: calibration reads both."""
        bound = self.thresholds[threshold]
        measured = self.evidence.setdefault(MEASURED, {})
        if isinstance(measured, dict):
            measured[threshold] = {"value": value, direction: bound}
        return bound
