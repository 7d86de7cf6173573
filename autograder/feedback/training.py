"""What a report shows of a training: sentences, pictures and tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from autograder.feedback.changes import Changes, changes_of
from autograder.feedback.drawing import Picture
from autograder.feedback.evidence import (
    TRAINING,
    VALIDATION,
    is_of,
    reference_points,
    summary_curve,
)
from autograder.feedback.landscape_picture import landscape_picture
from autograder.feedback.loss_picture import loss_picture
from autograder.feedback.mistakes import MistakeView, mistake_views, mistakes_caption
from autograder.feedback.pictures import first_kernel_picture, loss_curves, pictures_of
from autograder.feedback.why import why
from autograder.results import TrainingSummary, Verdict, clean_line


@dataclasses.dataclass(frozen=True)
class TrainingView:
    """What the weights did.

    Attributes:
        why: Why they changed, in a sentence or two; may be "".
        name: Which training it is, if the assignment has several.
        pictures: The landscape, the losses, and a kernel if no table has its weights.
        changes: What each array did; None if that is unknown.
        mistakes: Wrong predictions.
        mistakes_caption: How many there are.
    """

    why: str
    name: str
    pictures: list[Picture]
    changes: Changes | None = None
    mistakes: list[MistakeView] = dataclasses.field(default_factory=list)
    mistakes_caption: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.why or self.pictures or self.changes or self.mistakes_caption)


def training_view(summary: TrainingSummary | None, verdicts: Sequence[Verdict]) -> TrainingView:
    """What a report shows of a training.

    Args:
        summary: Its figures; None in older Grades, and where nothing was trained.
        verdicts: The verdicts, whose evidence has the losses that the history reports.
    """
    if summary is None:
        return TrainingView("", "", pictures_of(*verdicts))
    landscape = landscape_picture(summary.landscape) if summary.landscape else None
    curves = loss_curves(verdicts)
    # A check may show another training of the same notebook.
    own = summary_curve(summary)
    if own and (TRAINING not in curves or not is_of(curves[TRAINING], summary)):
        curves[TRAINING] = own
    reference = reference_points(summary)
    pictures = [
        loss_picture(curves[data], reference if data == TRAINING else ())
        for data in (TRAINING, VALIDATION)
        if data in curves
    ]
    if not summary.changes and (weights := first_kernel_picture(verdicts)):
        pictures.append(weights)
    return TrainingView(
        why(summary),
        clean_line(summary.name, 60),
        [landscape, *pictures] if landscape else pictures,
        changes_of(summary) if summary.changes else None,
        mistake_views(summary),
        mistakes_caption(summary),
    )
