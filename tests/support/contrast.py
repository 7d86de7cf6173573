"""Contrast of two colors, as people with weak sight need it."""

from __future__ import annotations

import math


def contrast_ratio(one: str, other: str) -> float:
    """The contrast ratio of two colors, in [1, 21]; text needs 4.5.

    Args:
        one: As "#rgb" or "#rrggbb".
        other: As `one`.

    Source:
        WCAG 2.2, relative luminance and contrast ratio.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    total = 0.0
    for weight, start in ((0.2126, 0), (0.7152, 2), (0.0722, 4)):
        c = int(digits[start : start + 2], 16) / 255
        total += weight * (c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4))
    return total


def blended(color: str, paper: str) -> str:
    """A CSS background on a page, as "#rrggbb".

    Args:
        color: "none", "#rrggbb" or "rgba(red, green, blue, opacity)".
        paper: The page's background, as "#rrggbb".
    """
    if color == "none":
        return paper
    if color.startswith("#"):
        return color
    *channels, opacity = (float(number) for number in color[len("rgba(") : -1].split(","))
    below = [int(paper[start : start + 2], 16) for start in (1, 3, 5)]
    mixed = [round(c * opacity + b * (1 - opacity)) for c, b in zip(channels, below, strict=True)]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
