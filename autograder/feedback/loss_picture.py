"""A picture of the loss: before training, after each epoch, and as the history reports it."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from autograder.feedback.drawing import (
    BLUE,
    CACHE_SIZE,
    INK,
    MUTED,
    RULE,
    RUST,
    WIDTH,
    Drawing,
    FloatArray,
    Picture,
)
from autograder.feedback.evidence import (
    VALIDATION,
    LossCurve,
    Scalar,
    describe_loss,
    format_number,
)

_LOSS_HEIGHT = 272


@dataclasses.dataclass(frozen=True)
class _LineStyle:
    color: str
    width: float
    dot: float
    dashes: tuple[float, float] | None = None


_ON_TRAINING_DATA = "recomputed by the grader for the weights"
_RECOMPUTED = _LineStyle(BLUE, 2, 6)
_REPORTED = _LineStyle(RUST, 1.75, 4.5, (3, 2.5))
_PLOT = Bbox.from_extents(60, 56, WIDTH - 64, _LOSS_HEIGHT - 56)
_MARGIN = _PLOT.padded(4)
_LABEL_HEIGHT = 24
_MAX_DOTS = 40
_LEFT_DOT, _LEFT_LABEL_WIDTH = 10, 210
_MAX_REPORTED = 4  # the scale includes reported losses up to this multiple of the largest loss


@functools.lru_cache(maxsize=CACHE_SIZE)
def loss_picture(curve: LossCurve) -> Picture:
    """The loss before training and after each epoch, and the losses of the student's history."""
    losses = np.array(curve.recomputed)
    reported = np.array(curve.reported, dtype=np.float64)
    epochs = max(len(losses) - 1, len(reported))
    low, high = _range(losses, reported)
    drawing = Drawing(_LOSS_HEIGHT)
    _draw_axes(drawing, epochs, low, high)
    points = _to_pixels(np.arange(len(losses), dtype=np.float64), losses, epochs, low, high)
    _draw_curve(drawing, points, _RECOMPUTED)
    on = "recomputed on the validation data" if curve.data == VALIDATION else _ON_TRAINING_DATA
    _draw_legend(drawing, _PLOT.x0, on, _RECOMPUTED)
    if len(reported):
        # Keras reports the mean over an epoch's batches, so it belongs to the middle of the epoch.
        middles = np.arange(len(reported), dtype=np.float64) + 0.5
        _draw_curve(drawing, _to_pixels(middles, reported, epochs, low, high), _REPORTED)
        label = "reported by the history, mean of each epoch"
        _draw_legend(drawing, _PLOT.x0 + 300, label, _REPORTED)
        _label_off_scale(drawing, reported, epochs, high)
    _label_ends(drawing, points, losses)
    if curve.left is not None:
        _label_left(drawing, points[curve.left], curve.left, losses[curve.left])
    return drawing.picture(describe_loss(curve), _loss_caption(curve))


def _draw_curve(drawing: Drawing, points: FloatArray, style: _LineStyle) -> None:
    drawing.line(Path(points), style.color, width=style.width, dashes=style.dashes, clip=_MARGIN)
    if len(points) <= _MAX_DOTS:
        drawing.dots(points, style.color, style.dot, _MARGIN)


def _draw_legend(drawing: Drawing, x: float, label: str, style: _LineStyle) -> None:
    y = _LOSS_HEIGHT - 22
    line = Path([(x, y), (x + 24, y)])
    drawing.line(line, style.color, width=style.width, dashes=style.dashes)
    drawing.text(x + 32, y - 4, label, INK, "left")


def _label_ends(drawing: Drawing, points: FloatArray, losses: FloatArray) -> None:
    """Write the first and the last loss where the curve leaves space."""
    x, y = points[0]
    first = format_number(losses[0])
    if len(losses) > 1 and losses[1] > losses[0]:
        below = y - _PLOT.y0 > _LABEL_HEIGHT
        drawing.text(x - 4 + 12 * below, y + (-17 if below else 12), first, INK, "left")
    else:
        drawing.text(x + 8, y + 8, first, INK, "left")
    if len(losses) > 1:
        last = format_number(losses[-1])
        drawing.text(points[-1, 0] + 9, points[-1, 1] - 4, last, INK, "left")


def _label_off_scale(drawing: Drawing, reported: FloatArray, epochs: int, high: float) -> None:
    """Write the largest reported loss at the upper edge, if the scale does not reach it."""
    if not (reported > high).any():
        return
    epoch = int(np.nanargmax(reported))
    x = _PLOT.x0 + (epoch + 0.5) / epochs * _PLOT.width
    words = f"↑ {format_number(reported[epoch])}"
    drawing.text(x + 4, _PLOT.y1 + 18, words, _REPORTED.color, "left")


def _label_left(drawing: Drawing, point: FloatArray, epoch: int, loss: Scalar) -> None:
    """Mark the epoch whose weights the training left, on the free side of a falling curve."""
    drawing.dots(point[np.newaxis], INK, _LEFT_DOT, _MARGIN)
    words = f"weights of epoch {epoch} restored: {format_number(loss)}"
    x, y = point
    if x + _LEFT_LABEL_WIDTH < WIDTH:
        drawing.text(x + 6, y + 14, words, INK, "left")
    else:
        below = y - _PLOT.y0 > _LABEL_HEIGHT
        drawing.text(x - 6, y + (-22 if below else 14), words, INK, "right")


def _loss_caption(curve: LossCurve) -> str:
    caption = (
        f"The loss on the {curve.data} data, computed by the grader for the weights before "
        f"training and after {'some of the epochs' if curve.gaps else 'each epoch'}."
    )
    if not curve.reported:
        return caption
    return (
        f"{caption} The history reports the mean over each epoch's batches, so its points are in "
        "the middle of the epochs."
    )


def _range(losses: FloatArray, reported: FloatArray) -> tuple[float, float]:
    """The lowest and the highest loss in the picture."""
    top = float(losses.max())
    drawn = reported[reported <= max(top * _MAX_REPORTED, 0)]
    top = max(top, *drawn, 0)
    low = float(min(losses.min(), 0))
    return low, low + (top - low or 1)


def _to_pixels(
    epoch: FloatArray, loss: FloatArray, epochs: int, low: float, high: float
) -> FloatArray:
    """Positions in the drawing of losses after some epochs, shape (points, 2)."""
    x = _PLOT.x0 + epoch / epochs * _PLOT.width
    return np.column_stack([x, _PLOT.y0 + (loss - low) / (high - low) * _PLOT.height])


def _draw_axes(drawing: Drawing, epochs: int, low: float, high: float) -> None:
    ticks = np.asarray(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)).tolist()
    for tick in ticks:
        if not low <= tick <= high:
            continue
        y = _PLOT.y0 + (tick - low) / (high - low) * _PLOT.height
        drawing.line(Path([(_PLOT.x0, y), (_PLOT.x1, y)]), RULE)
        drawing.text(_PLOT.x0 - 12, y - 4, format_number(tick), MUTED, "right")
    step = next(s * 10**p for p in range(9) for s in (1, 2, 5) if s * 10**p * 13 >= epochs)
    for epoch in range(0, epochs + 1, step):
        x = _PLOT.x0 + epoch / epochs * _PLOT.width
        drawing.text(x, _PLOT.y0 - 20, "start" if epoch == 0 else str(epoch), MUTED)
    drawing.text(_PLOT.x0 + _PLOT.width / 2, _PLOT.y0 - 40, "epoch", MUTED)
