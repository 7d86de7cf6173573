"""A picture of the loss: the grader's, the one that the history reports, the reference's."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence

from autograder.feedback.drawing import Label, Picture, Plot, Point, draw, points_of, ticks
from autograder.feedback.evidence import VALIDATION, LossCurve, describe_loss, format_number

_WIDTH, _HEIGHT = 560, 300
_LEFT, _RIGHT, _KEY, _BELOW = 52, 62, 20, 46
_LABEL_HEIGHT = 24
_STEEP = 6
_MAX_DOTS = 40
_RESTORED_WIDTH = 190
_MAX_BEYOND = 4  # the scale includes other losses up to this multiple of the largest loss
_MAX_EPOCH_LABELS = 11
_ON_TRAINING_DATA = "recomputed by the grader for the weights"


@dataclasses.dataclass(frozen=True)
class _Curve:
    """One curve with its key.

    Attributes:
        role: Its class in the style sheet.
        points: Its points in pixels; None where it has a gap.
        key: What the key says, to the right of its sample.
        radius: The radius of its dots.
    """

    role: str
    points: tuple[Point | None, ...]
    key: Label
    radius: float = 3

    @property
    def parts(self) -> list[str]:
        """The parts without gaps, for polylines."""
        return [points_of(part) for part in _runs(self.points)]

    @property
    def dots(self) -> list[Point]:
        """Its points; none if there are too many to be told apart."""
        known = [point for point in self.points if point]
        return known if len(known) <= _MAX_DOTS else []


def loss_picture(curve: LossCurve, reference: Sequence[Point] = ()) -> Picture:
    """The loss before training and after each epoch.

    Args:
        curve: The losses, and those of the student's history.
        reference: Epochs of the course's own solution with their losses.
    """
    last = reference[-1][0] if reference else 0
    epochs = max(len(curve.recomputed) - 1, len(curve.reported), int(last))
    others = [*curve.reported, *(loss for _, loss in reference)]
    low, high = _range(curve.recomputed, others)
    keys = 1 + bool(curve.reported) + bool(reference)
    top = 40 + _KEY * keys
    height = _HEIGHT + _KEY * (keys - 1)
    plot = Plot(_LEFT, top, _WIDTH - _RIGHT, height - _BELOW, (0, low), (epochs, high))
    curves = _curves(plot, curve, reference)
    left = curve.left
    levels = [tick for tick in ticks(low, high) if low <= tick <= high]
    texts = [
        *(Label(plot.left - 8, plot.y(t) + 4, format_number(t), "end", "tick") for t in levels),
        *_epoch_labels(plot, epochs),
        *(each.key for each in curves),
        *_end_labels(plot, curve.recomputed),
        *_off_scale(plot, curve.reported, high),
        *(() if left is None else (_restored_label(plot, left, curve.recomputed[left]),)),
    ]
    return draw(
        "loss.svg.j2",
        describe_loss(curve, [loss for _, loss in reference]),
        _caption(curve, has_reference=bool(reference)),
        (_WIDTH, height),
        plot=plot,
        rules=[plot.y(tick) for tick in levels],
        curves=curves,
        restored=None if left is None else plot.point(left, curve.recomputed[left]),
        texts=texts,
    )


def _curves(plot: Plot, curve: LossCurve, reference: Sequence[Point]) -> list[_Curve]:
    """The curves with their keys, one below the other; the student's own is drawn last."""
    on = "recomputed on the validation data" if curve.data == VALIDATION else _ON_TRAINING_DATA
    rows = [("recomputed", enumerate(curve.recomputed), on, 3.0)]
    if curve.reported:
        # Keras reports the mean over an epoch's batches, so it belongs to the middle of the epoch.
        middles = ((epoch + 0.5, loss) for epoch, loss in enumerate(curve.reported))
        rows.append(("reported", middles, "reported by the history, mean of each epoch", 2.25))  # type: ignore[arg-type]
    if reference:
        words = "the course's own solution, from the same start"
        rows.append(("reference", iter(reference), words, 2.25))  # type: ignore[arg-type]
    curves = [
        _Curve(role, _pixels(plot, losses), Label(plot.left + 32, 20 + _KEY * row, words), radius)
        for row, (role, losses, words, radius) in enumerate(rows)
    ]
    return curves[::-1]


def _pixels(plot: Plot, losses: Iterable[tuple[float, float]]) -> tuple[Point | None, ...]:
    return tuple(None if math.isnan(loss) else plot.point(epoch, loss) for epoch, loss in losses)


def _runs(points: Iterable[Point | None]) -> list[list[Point]]:
    """The parts between gaps."""
    groups = itertools.groupby(points, key=lambda point: point is None)
    return [[point for point in part if point] for is_gap, part in groups if not is_gap]


def _epoch_labels(plot: Plot, epochs: int) -> list[Label]:
    sizes = (size * 10**power for power in range(9) for size in (1, 2, 5))
    step = next(size for size in sizes if size * _MAX_EPOCH_LABELS >= epochs)
    y = plot.bottom + 20
    labels = [
        Label(plot.x(epoch), y, "start" if epoch == 0 else str(epoch), "middle", "tick")
        for epoch in range(0, epochs + 1, step)
    ]
    return [*labels, Label(plot.left + plot.width / 2, y + 18, "epoch", "middle", "tick")]


def _end_labels(plot: Plot, losses: Sequence[float]) -> list[Label]:
    """The first and the last loss where the curve leaves space."""
    x, y = plot.point(0, losses[0])
    rises = len(losses) > 1 and plot.y(losses[0]) - plot.y(losses[1]) > _STEEP
    below = rises and plot.bottom - y > _LABEL_HEIGHT
    labels = [Label(x + 8, y + (18 if below else -10), format_number(losses[0]))]
    if len(losses) > 1:
        x, y = plot.point(len(losses) - 1, losses[-1])
        labels.append(Label(x + 8, y + 4, format_number(losses[-1])))
    return labels


def _off_scale(plot: Plot, reported: Sequence[float], high: float) -> list[Label]:
    """The largest reported loss at the upper edge, if the scale does not reach it."""
    beyond = [loss for loss in reported if loss > high]
    if not beyond:
        return []
    x = plot.x(reported.index(max(beyond)) + 0.5)
    return [Label(x + 4, plot.top - 12, f"↑ {format_number(max(beyond))}", role="off-scale")]


def _restored_label(plot: Plot, epoch: int, loss: float) -> Label:
    """Names the epoch whose weights the training left, on the free side of a falling curve."""
    words = f"weights of epoch {epoch} restored: {format_number(loss)}"
    x, y = plot.point(epoch, loss)
    if x + _RESTORED_WIDTH < _WIDTH:
        return Label(x + 6, y - 12, words)
    below = plot.bottom - y > _LABEL_HEIGHT
    return Label(x - 6, y + (24 if below else -12), words, "end")


def _caption(curve: LossCurve, *, has_reference: bool) -> str:
    caption = (
        f"The loss on the {curve.data} data, computed by the grader for the weights before "
        f"training and after {'some of the epochs' if curve.gaps else 'each epoch'}."
    )
    if curve.reported:
        caption += (
            " The history reports the mean over each epoch's batches, so its points are in the "
            "middle of the epochs."
        )
    if has_reference:
        caption += (
            " The course's own solution was trained on the same data from the same initial weights."
        )
    return caption


def _range(losses: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest loss in the picture."""
    top = max(losses)
    drawn = [loss for loss in others if loss <= max(top * _MAX_BEYOND, 0)]
    top = max(top, *drawn, 0)
    low = min(*losses, 0)
    return low, low + (top - low or 1)
