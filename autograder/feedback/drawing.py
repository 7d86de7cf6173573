"""What all pictures share: an SVG that a template wrote, inline in a page or as an image."""

from __future__ import annotations

import base64
import dataclasses
import functools
import math
from collections.abc import Iterable

from markupsafe import Markup

from autograder.feedback.templating import pixels, template

Point = tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture for a page.

    Attributes:
        svg: An `<svg>` with classes, which the page's style sheet colors.
        alt: A description, with the numbers.
        caption: How to read it.
        width: In CSS pixels.
        height: In CSS pixels.
    """

    svg: Markup
    alt: str
    caption: str
    width: int
    height: int

    @property
    def src(self) -> str:
        """The same picture as a data URI that brings its style and its white paper."""
        svg = self.svg.replace(Markup("<g>"), _standalone_style() + Markup("<g>"), 1)
        return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@functools.cache
def _standalone_style() -> Markup:
    return Markup(template("standalone.svg.j2").render())  # noqa: S704 - the template escapes


@dataclasses.dataclass(frozen=True)
class Label:
    """One line of text.

    Attributes:
        x: Where it is anchored, from the left.
        y: Its baseline, from the top.
        text: Its words.
        anchor: "start", "middle" or "end".
        role: Its class in the style sheet: "tick" is muted.
    """

    x: float
    y: float
    text: str
    anchor: str = "start"
    role: str = ""


@dataclasses.dataclass(frozen=True)
class Plot:
    """A rectangle with scales: data from `low` to `high` fill it from corner to corner."""

    left: float
    top: float
    right: float
    bottom: float
    low: Point
    high: Point

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    def x(self, value: float) -> float:
        """The pixel from the left of a value."""
        return self.left + (value - self.low[0]) / (self.high[0] - self.low[0]) * self.width

    def y(self, value: float) -> float:
        """The pixel from the top of a value."""
        return self.bottom - (value - self.low[1]) / (self.high[1] - self.low[1]) * self.height

    def point(self, x: float, y: float) -> Point:
        """The pixels of a point."""
        return self.x(x), self.y(y)

    def holds(self, x: float, y: float, margin: float = 0.5) -> bool:
        """Whether a point in pixels is inside."""
        inside_x = self.left - margin <= x <= self.right + margin
        return inside_x and self.top - margin <= y <= self.bottom + margin


def draw(name: str, alt: str, caption: str, size: tuple[int, int], **values: object) -> Picture:
    """Let a template write a picture.

    Args:
        name: The template's name, such as "loss.svg.j2".
        alt: A description, with the numbers.
        caption: How to read it.
        size: Width and height in CSS pixels.
        values: What the template draws.
    """
    width, height = size
    svg = template(name).render(alt=alt, width=width, height=height, **values)
    return Picture(Markup(svg), alt, caption, width, height)  # noqa: S704 - the template escapes


def points_of(points: Iterable[Point]) -> str:
    """Points for a `<polyline>`: "1,2 3,4.5"."""
    return " ".join(f"{pixels(x)},{pixels(y)}" for x, y in points)


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round numbers in [low, high], evenly spaced: about `count`, and at most twice as many.

    The step is 1, 2, 2.5 or 5 times a power of ten.
    """
    if not low < high or not math.isfinite(high - low):
        return []
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]
