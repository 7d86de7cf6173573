"""Predictions gone wrong: small images as PNG, and sentences."""

from __future__ import annotations

import base64
import dataclasses
import struct
import zlib
from collections.abc import Sequence

from autograder.results import Mistake, TrainingSummary, clean, clean_line

_MAX_SIDE = 512
_SHOWN = 112
_WHITE = 255
_MAX_WORDS = 400


@dataclasses.dataclass(frozen=True)
class MistakeView:
    """A wrong prediction as a page shows it.

    Attributes:
        predicted: What the model says.
        expected: The right answer.
        text: The sample, if it is a text.
        src: The sample as a data URI, if it is an image.
        width: Of the image, in CSS pixels.
        height: Of the image, in CSS pixels.
    """

    predicted: str
    expected: str
    text: str = ""
    src: str = ""
    width: int = 0
    height: int = 0


def mistake_views(summary: TrainingSummary) -> list[MistakeView]:
    """The wrong predictions of a training."""
    return [_view(mistake) for mistake in summary.mistakes]


def mistakes_caption(summary: TrainingSummary) -> str:
    """How many there are of how many samples, and which ones are shown."""
    if not summary.practice_samples:
        return ""
    share = (
        f"Of {summary.practice_samples:,} practice samples that it was not trained on, your model"
    )
    if not summary.wrong:
        return f"{share} gets none wrong."
    share += f" gets {summary.wrong:,} wrong"
    shown = len(summary.mistakes)
    if not shown:
        return f"{share}."
    which = (
        "Here is one of them" if shown == 1 else f"Here are {shown} of those that it is surest of"
    )
    if shown == summary.wrong:
        which = "Here it is" if shown == 1 else "Here they are"
    return f"{share}. {which}."


def _view(mistake: Mistake) -> MistakeView:
    view = MistakeView(
        clean_line(mistake.predicted, 80),
        clean_line(mistake.expected, 80),
        clean(mistake.text, _MAX_WORDS),
    )
    rows = mistake.pixels
    if not rows or not rows[0] or max(len(rows), len(rows[0])) > _MAX_SIDE:
        return view
    if any(len(row) != len(rows[0]) for row in rows):
        return view
    scale = max(1, _SHOWN // max(len(rows), len(rows[0])))
    src = "data:image/png;base64," + base64.b64encode(gray_png(rows)).decode()
    return dataclasses.replace(view, src=src, width=len(rows[0]) * scale, height=len(rows) * scale)


def gray_png(rows: Sequence[Sequence[int]]) -> bytes:
    """A gray image, eight bits a pixel.

    Args:
        rows: Rows of the same length, values in [0, 255]; others are clipped.

    Source:
        Portable Network Graphics (PNG) Specification, third edition.
    """
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(min(max(n, 0), _WHITE) for n in row) for row in rows)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
