"""Numbers in words, as docs/fairness.md writes them."""

from __future__ import annotations

from collections.abc import Sequence

_PERCENT_FROM = 0.1
_SMALLEST = 1e-6


def one_in(rate: float) -> str:
    """An upper bound in words, rounded to the safe side; a percentage if it is large."""
    if rate >= _PERCENT_FROM:
        return f"{int(rate * 100) + 1}%" if rate < 1 else "100%"
    return f"1 in {int(1 / max(rate, _SMALLEST)):,}"


def estimated(rate: float) -> str:
    """An estimate in words, with two digits."""
    if rate < _SMALLEST:
        return f"below 1 in {1 / _SMALLEST:,.0f}"
    return f"{rate:.0%}" if rate >= _PERCENT_FROM else f"1 in {float(f'{1 / rate:.2g}'):,.0f}"


def percent(share: float) -> str:
    """A share with one digit after the point; 0 only if it is 0."""
    return "0%" if share == 0 else f"{100 * share:.1f}%" if share >= 0.0005 else "below 0.1%"


def several(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def have(count: int, verb: str) -> str:
    """How many of something do something, as words that begin a sentence."""
    return f"None {verb}" if count == 0 else f"{count:,} {verb}"


def names(plain: Sequence[str]) -> str:
    """Names as code, joined."""
    quoted = [f"`{name}`" for name in plain]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def heading(*cells: str) -> list[str]:
    """The first two lines of a table."""
    return [f"| {' | '.join(cells)} |", "|---" * len(cells) + "|"]
