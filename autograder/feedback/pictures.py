"""The pictures of verdicts: losses, and a kernel."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.feedback.drawing import Picture
from autograder.feedback.evidence import TRAINING, VALIDATION, LossCurve, kernel, loss_curve
from autograder.feedback.kernel_picture import kernel_picture
from autograder.feedback.loss_picture import loss_picture
from autograder.results import Verdict


def pictures_of(*verdicts: Verdict) -> list[Picture]:
    """Pictures of the first loss curves and the first kernel in the verdicts' evidence."""
    curves = loss_curves(verdicts)
    pictures = [loss_picture(curves[data]) for data in (TRAINING, VALIDATION) if data in curves]
    weights = first_kernel_picture(verdicts)
    return [*pictures, weights] if weights else pictures


def loss_curves(verdicts: Sequence[Verdict]) -> dict[str, LossCurve]:
    """The first loss curves in the verdicts' evidence, by what they were measured on."""
    return {curve.data: curve for curve in map(loss_curve, reversed(verdicts)) if curve}


def first_kernel_picture(verdicts: Sequence[Verdict]) -> Picture | None:
    """A picture of the first kernel in the verdicts' evidence."""
    weights = next(filter(None, map(kernel, verdicts)), None)
    return kernel_picture(weights) if weights else None
