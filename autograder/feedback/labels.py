"""Names beside points, placed so that none hides another one or a point."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.feedback.drawing import Label, Plot, Point

_LETTER, _ASCENT, _DESCENT = 6.6, 11, 4
_GAPS = (10, 26, 42)
_Box = tuple[float, float, float, float]


def place_labels(
    plot: Plot, names: Sequence[tuple[str, Point]], points: Sequence[Point]
) -> list[Label]:
    """Place names beside their points, inside of the plot.

    Args:
        plot: The rectangle that they stay in.
        names: Each name with its point, in pixels.
        points: What else they should not hide.

    Returns:
        One label for each name; the best place wins: without overlap, then near its point.
    """
    taken: list[_Box] = [_around(point) for _, point in names]
    labels = []
    for name, point in names:
        label = min(_places(name, point), key=lambda each: _cost(each, plot, taken, points))
        labels.append(label)
        taken.append(_box(label))
    return labels


def _places(name: str, point: Point) -> list[Label]:
    """Right, left, above and below, then the same farther away."""
    x, y = point
    places = []
    for gap in _GAPS:
        places += [
            Label(x + gap, y + 4, name),
            Label(x - gap, y + 4, name, "end"),
            Label(x, y - gap, name, "middle"),
            Label(x, y + gap + _ASCENT, name, "middle"),
            Label(x + gap / 2, y - gap, name),
            Label(x - gap / 2, y - gap, name, "end"),
            Label(x + gap / 2, y + gap + _ASCENT, name),
            Label(x - gap / 2, y + gap + _ASCENT, name, "end"),
        ]
    return places


def _cost(label: Label, plot: Plot, taken: Sequence[_Box], points: Sequence[Point]) -> float:
    left, top, right, bottom = box = _box(label)
    outside = left < plot.left or right > plot.right or top < plot.top or bottom > plot.bottom
    overlaps = sum(_overlap(box, other) for other in taken)
    hidden = sum(left <= x <= right and top <= y <= bottom for x, y in points)
    return 1000 * outside + 100 * overlaps + hidden


def _box(label: Label) -> _Box:
    width = _LETTER * len(label.text)
    left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return left, label.y - _ASCENT, left + width, label.y + _DESCENT


def _around(point: Point) -> _Box:
    x, y = point
    return x - 6, y - 6, x + 6, y + 6


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
