"""A drawing of shapes and texts: one matplotlib artist without axes, saved as SVG.

Axes, ticks and text layout would cost several times as much as all shapes, and the browser lays out
the texts again anyway.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import io
import re
import threading
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import BoxStyle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

WIDTH = 720
"""The width of every picture, in CSS pixels."""
INK, MUTED, RULE = "#1c1c1a", "#5c5c57", "#e2e0da"
BLUE, RUST = "#2b5f8a", "#b04a1c"
CACHE_SIZE = 16
"""Pictures that are kept: a card and a report show the same ones, one after the other."""
FloatArray = npt.NDArray[np.float64]
_DPI = 72  # one point is one pixel

# Any, because the types of the keys depend on matplotlib's version.
_SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "autograder"}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_FAMILY = "system-ui"
_SETTINGS_LOCK = threading.Lock()  # matplotlib's settings are global
_FONT_SIZE = 11
_CORNER = 8
_NO_ROTATION = re.compile(rb' transform="rotate\(-?0 [^"]*"')
_FONT = f"font-size: {_FONT_SIZE}px; font-family: '{_FAMILY}'; ".encode()
_STYLE = b'<style type="text/css">'
_COMMON_STYLE = f"text {{font: {_FONT_SIZE}px {_FAMILY}, sans-serif}} ".encode()


@dataclasses.dataclass(frozen=True)
class Picture:
    """An image for a page.

    Attributes:
        src: A data URI, image/svg+xml.
        alt: A description, with the numbers.
        caption: How to read it.
        width: In CSS pixels.
        height: In CSS pixels.
    """

    src: str
    alt: str
    caption: str
    width: int
    height: int


_Stroke = Callable[[RendererBase, GraphicsContextBase], None]


class Drawing(Artist):
    """Shapes and texts on white with rounded corners, in pixels from the lower left.

    Args:
        height: In CSS pixels.
    """

    def __init__(self, height: int) -> None:
        super().__init__()
        self.height = height
        self._strokes: list[_Stroke] = []
        self._text = Text()
        self.area(BoxStyle.Round(pad=0, rounding_size=_CORNER)(0, 0, WIDTH, height, 1), "#ffffff")

    def area(self, path: Path, color: str) -> None:
        """Fill a closed path."""
        fill = mpl.colors.to_rgb(color)

        def stroke(renderer: RendererBase, gc: GraphicsContextBase) -> None:
            gc.set_linewidth(0)
            renderer.draw_path(gc, path, IdentityTransform(), fill)

        self._strokes.append(stroke)

    def line(
        self,
        path: Path,
        color: str,
        *,
        width: float = 1,
        dashes: tuple[float, float] | None = None,
        clip: Bbox | None = None,
    ) -> None:
        """Draw along a path with round ends; a segment without length becomes a dot."""
        path.should_simplify = False

        def stroke(renderer: RendererBase, gc: GraphicsContextBase) -> None:
            gc.set_foreground(color)
            gc.set_linewidth(width)
            gc.set_capstyle("round")
            gc.set_joinstyle("round")
            gc.set_dashes(0, dashes)
            gc.set_clip_rectangle(clip)
            renderer.draw_path(gc, path, IdentityTransform())

        self._strokes.append(stroke)

    def dots(self, points: np.ndarray, color: str, width: float, clip: Bbox) -> None:
        """Draw a dot at each point; `points` has shape (points, 2), NaN for no dot."""
        moves = np.tile([Path.MOVETO, Path.LINETO], len(points))
        self.line(Path(np.repeat(points, 2, axis=0), moves), color, width=width, clip=clip)

    def text(self, x: float, y: float, text: str, color: str, align: str = "center") -> None:
        """Write one line; `y` is its baseline, `align` is "left", "center" or "right"."""

        def stroke(renderer: RendererBase, gc: GraphicsContextBase) -> None:
            gc.set_foreground(color)
            self._text.set_position((x, y))
            self._text.set_horizontalalignment(align)  # type: ignore[arg-type]
            renderer.draw_text(gc, x, self.height - y, text, _font(), 0, mtext=self._text)

        self._strokes.append(stroke)

    def draw(self, renderer: RendererBase) -> None:
        """Draw everything in order, for matplotlib."""
        for stroke in self._strokes:
            gc = renderer.new_gc()
            stroke(renderer, gc)
            gc.restore()

    def picture(self, alt: str, caption: str) -> Picture:
        """The drawing as an image; the same strokes give the same bytes."""
        buffer = io.BytesIO()
        with _SETTINGS_LOCK, mpl.rc_context(_SETTINGS):
            size = (WIDTH / _DPI, self.height / _DPI)
            figure = Figure(figsize=size, dpi=_DPI, frameon=False, layout="none")  # type: ignore[arg-type]
            figure.add_artist(self)
            canvas = FigureCanvasSVG(figure)
            canvas.print_svg(buffer, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
        src = "data:image/svg+xml;base64," + base64.b64encode(_shorter(buffer.getvalue())).decode()
        return Picture(src, alt, caption, WIDTH, self.height)


def _shorter(svg: bytes) -> bytes:
    """The same picture with the texts' font named once, as a generic family."""
    svg = _NO_ROTATION.sub(b"", svg).replace(_FONT, b"")
    return svg.replace(_STYLE, _STYLE + _COMMON_STYLE, 1)


@functools.cache
def _font() -> FontProperties:
    return FontProperties(family=_FAMILY, size=_FONT_SIZE)
