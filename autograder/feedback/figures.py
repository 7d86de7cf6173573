"""Evidence as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import JsonValue

from autograder.feedback.evidence import with_minus_sign
from autograder.feedback.titles import human_title
from autograder.results import Verdict, clean_line

_MAX_DEPTH = 4
_MAX_ITEMS = 24
_MAX_INT = 10**15
_MAX_TEXT = 800
_Item = TypeVar("_Item")


def figures_of(verdict: Verdict) -> list[tuple[str, str]]:
    """Evidence as rows of a table; nested names are joined, such as "Kernel, before"."""
    rows: list[tuple[str, str]] = []
    for key, value in verdict.evidence.items():
        name = human_title(key)
        if isinstance(value, dict) and value:
            rows += [(f"{name}, {clean_line(k, 80)}", _cell(v)) for k, v in value.items()]
        else:
            rows.append((name, _cell(value)))
    return rows[: 4 * _MAX_ITEMS]


def _cell(value: JsonValue) -> str:
    """A value as a page has room for it, also on paper, where nothing is folded."""
    return clean_line(_format(value), _MAX_TEXT)


def _format(value: JsonValue, depth: int = 0) -> str:
    """A JSON value on one line; a long list keeps both ends."""
    if depth > _MAX_DEPTH:
        return "…"
    if isinstance(value, dict):
        pairs = [f"{clean_line(k, 80)}: {_format(v, depth + 1)}" for k, v in _ends(value.items())]
        return ", ".join(pairs)
    if not isinstance(value, list):
        return _format_scalar(value)
    items = [_format(item, depth + 1) for item in _ends(value)]
    omitted = len(value) - len(items)
    if omitted:
        items.insert(len(items) // 2, f"… {omitted:,} left out …")
    text = ", ".join(items)
    return f"[{text}]" if depth else text or "none"


def _format_scalar(value: str | float | None) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, str):
        return clean_line(value, 400)
    if isinstance(value, int):
        return str(value) if abs(value) < _MAX_INT else "a huge whole number"
    return with_minus_sign(f"{value:.6g}")


def _ends(items: Iterable[_Item]) -> list[_Item]:
    """All of a few items, or the first and the last of many."""
    every = list(items)
    half = _MAX_ITEMS // 2
    return every if len(every) <= _MAX_ITEMS else every[:half] + every[-half:]
