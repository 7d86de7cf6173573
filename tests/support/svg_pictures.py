"""What a picture of the feedback shows, read from its SVG as a person reads it from the paper."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Point = tuple[float, float]

_SVG = "{http://www.w3.org/2000/svg}"
_BASELINE = 4
"""Pixels from the middle of a text down to its baseline."""
_NEAR = 16
"""Pixels between what belongs together, at most."""
_SAME = 0.02
_SQUARE = re.compile(r"M([-\d.]+) ([-\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


@dataclasses.dataclass(frozen=True)
class Text:
    """A text, with its anchor in pixels from the left, its middle from the top, and its color."""

    words: str
    x: float
    y: float
    color: str


@dataclasses.dataclass(frozen=True)
class Line:
    """A line through some points, drawn with a pen, which is its class in the style sheet."""

    points: list[Point]
    pen: str


@dataclasses.dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    right: float
    bottom: float
    color: str

    def holds(self, text: Text) -> bool:
        """Whether the middle of a text is inside."""
        return self.left < text.x < self.right and self.top < text.y < self.bottom


class SvgPicture:
    """A picture of a page.

    Attributes:
        svg: The file.
        texts: All texts.
        lines: All lines.
        dots: The middle of each dot, with its pen.
        boxes: All filled rectangles but the scale of color.
        scale: The scale of color, from left to right.

    Args:
        image: The attributes of an `<img>` whose source is a data URI.
    """

    def __init__(self, image: Mapping[str, str | None]) -> None:
        kind, data = str(image["src"]).split(",")
        assert kind == "data:image/svg+xml;base64"
        self.svg = base64.b64decode(data)
        root = ET.fromstring(self.svg)  # noqa: S314 - our own picture
        assert root.get("width") == image["width"]
        assert root.get("height") == image["height"]
        self.texts: list[Text] = []
        self.lines: list[Line] = []
        self.dots: list[tuple[Point, str]] = []
        self.boxes: list[Box] = []
        self.scale: list[Box] = []
        for element in root.iter():
            self._add(element)

    @property
    def words(self) -> list[str]:
        """The words of all texts."""
        return [text.words for text in self.texts]

    def text(self, words: str) -> Text:
        """The one text of these words."""
        (text,) = (text for text in self.texts if text.words == words)
        return text

    def _add(self, element: ET.Element) -> None:
        pen = " ".join(element.get("class", "").split()[1:])
        match element.tag.removeprefix(_SVG):
            case "text":
                x, y = _numbers(element, "x", "y")
                color = element.get("style", "").removeprefix("fill: ")
                self.texts.append(Text(element.text or "", x, y - _BASELINE, color))
            case "line":
                x1, y1, x2, y2 = _numbers(element, "x1", "y1", "x2", "y2")
                self.lines.append(Line([(x1, y1), (x2, y2)], pen))
            case "polyline":
                pairs = (pair.split(",") for pair in element.get("points", "").split())
                self.lines.append(Line([(float(x), float(y)) for x, y in pairs], pen))
            case "circle":
                x, y = _numbers(element, "cx", "cy")
                self.dots.append(((x, y), pen))
            case "path":
                for square in _SQUARE.findall(element.get("d", "")):
                    x, y, right, down = map(float, square)
                    self.boxes.append(Box(x, y, x + right, y + down, element.get("fill", "")))
            case "rect" if element.get("class") == "swatch":
                x, y, right, down = _numbers(element, "x", "y", "width", "height")
                self.scale.append(Box(x, y, x + right, y + down, element.get("fill", "")))


class LossPicture(SvgPicture):
    """A picture of losses, whose curves are read off its own scales and its own key."""

    def curve(self, words: str) -> FloatArray:
        """Epochs and losses of the points of a curve, shape (points, 2).

        Args:
            words: How the key names the curve.
        """
        return np.concatenate(self.curve_parts(words))

    def curve_parts(self, words: str) -> list[FloatArray]:
        """As `curve`, for each part that is drawn without a gap."""
        key = next(text for text in self.texts if text.words.startswith(words))
        (sample,) = (line for line in self.lines if _is_left_of(line, key))
        pen = sample.pen.removesuffix(" key")
        epoch, loss = self._epoch_scale(), self._loss_scale()
        return [
            np.array([(epoch(x), loss(y)) for x, y in line.points])
            for line in self.lines
            if line.pen == pen
        ]

    def loss_at(self, text: Text) -> float:
        """The loss that a point at the height of a text has."""
        return self._loss_scale()(text.y)

    def _loss_scale(self) -> Callable[[float], float]:
        """The loss at a height: by the horizontal rules, each with its number left of it."""
        marks = {
            (y, _number(text.words))
            for x, y in (line.points[0] for line in self.lines if not line.pen)
            for text in self.texts
            if 0 < x - text.x < _NEAR and abs(text.y - y) < _SAME
        }
        return _through(sorted(marks))

    def _epoch_scale(self) -> Callable[[float], float]:
        """The epoch at a distance: by the row of numbers that begins with "start"."""
        start = self.text("start")
        row = [text for text in self.texts if text.y == start.y]
        return _through([(t.x, 0 if t is start else _number(t.words)) for t in row])


class KernelPicture(SvgPicture):
    """A picture of weights, whose grids are read by their titles and by the scale of color."""

    def grid(self, title: str) -> list[Box]:
        """The cells below a title, row by row."""
        titles = [self.text(word) for word in ("before", "after", CHANGE)]
        below = [
            cell
            for cell in self.boxes
            if min(titles, key=lambda text: abs(text.x - cell.left / 2 - cell.right / 2)).words
            == title
        ]
        return sorted(below, key=lambda box: (box.top, box.left))

    def number(self, cell: Box) -> Text:
        """The number in a cell."""
        (text,) = filter(cell.holds, self.texts)
        return text

    def weight(self, cell: Box) -> float:
        """The weight that a cell's color means, by the nearest color of the scale."""
        swatches = self.scale
        marks = [
            (swatches[0].left, min(self._ends_of_scale(swatches))),
            (swatches[-1].right, max(self._ends_of_scale(swatches))),
        ]
        gaps = [
            np.abs(_channels(swatch.color) - _channels(cell.color)).sum() for swatch in swatches
        ]
        nearest = swatches[int(np.argmin(gaps))]
        return _through(marks)((nearest.left + nearest.right) / 2)

    def _ends_of_scale(self, swatches: list[Box]) -> list[float]:
        middle = (swatches[0].top + swatches[0].bottom) / 2
        return [_number(text.words) for text in self.texts if abs(text.y - middle) < _NEAR / 2]


CHANGE = "change: after \N{MINUS SIGN} before"
"""The title of the third grid."""


def _numbers(element: ET.Element, *names: str) -> list[float]:
    return [float(element.get(name, "")) for name in names]


def _is_left_of(line: Line, text: Text) -> bool:
    """Whether a line is the sample to the left of a text in the key."""
    (_, start), (right, end) = line.points[0], line.points[-1]
    return start == end and abs(text.y - end) < _SAME and 0 < text.x - right < _NEAR


def _through(marks: list[Point]) -> Callable[[float], float]:
    """The straight line through the first and the last of some marks, which are all on it."""
    (first, low), (last, high) = marks[0], marks[-1]

    def scale(place: float) -> float:
        return low + (place - first) / (last - first) * (high - low)

    assert all(abs(scale(place) - value) <= 0.01 * abs(high - low) for place, value in marks)
    return scale


def _number(words: str) -> float:
    return float(words.replace("\N{MINUS SIGN}", "-"))


def _channels(color: str) -> FloatArray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
