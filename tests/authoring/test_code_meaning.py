"""The text that evidence digests use for code is the same on every Python version."""

from __future__ import annotations

import hashlib

import pytest

from autograder.authoring.calibration import code_meaning

SOURCE = r'''"""A module with syntax that Python versions parse into different trees."""

from __future__ import annotations

import functools
from typing import Generic, TypeVar

T = TypeVar("T", bound="Shape")
WIDTH: int = 12
"""A docstring of an attribute."""


@functools.total_ordering
class Shape(Generic[T]):
    """A class without type parameters of the new kind."""

    sides: list[tuple[int, ...]] | None = None

    @property
    def label(self) -> str:
        """Characters of old and new Unicode versions, and nested f-strings."""
        return "café 🫠" f"{self.sides!r:>{WIDTH}.{len('ab')}}" "%" f"{WIDTH=}{''}{{}}"

    def __lt__(self, other: Shape[T], /, *rest: object, key: bytes = b"\x00", **more: T) -> bool:
        return 0 < len(self.label) <= WIDTH if rest else not (more or key) and other is not None


def describe(value: object) -> str | None:
    match value:
        case {"kind": "circle", "radius": float() | int() as radius, **rest} if rest:
            return f"{radius:.2f}"
        case [first, *_, Shape(sides=None)]:
            return f"{first}"
        case None | -1.5 | 2j:
            ...
        case _:
            pass
    return None


async def later(items: object) -> None:
    async with items as first, items as (second, third):
        del first, second, third
    try:
        [x async for x in items if (y := x) and y]
    except (ValueError, TypeError) as error:
        raise RuntimeError(f"{error}") from error
    finally:
        lambda a, b=1, *c, d, e=2, **f: {**f, "a": a, b: (c, d, e)}
'''
DIGEST = "525b644c8db3b41751671031d1f10ae94dd1f4d7fa6b125c2119dcac861410d7"
"""SHA-256 of the text for `SOURCE`; Python 3.11 and 3.13 give it."""

FUNCTION = "def scale(x, factor=2):\n    return x * factor\n"
SAME = {
    "comment": "# Twice.\ndef scale(x, factor=2):  # by default\n    return x * factor\n",
    "docstring": 'def scale(x, factor=2):\n    """Multiply."""\n    return x * factor\n',
    "layout": "def scale(\n    x,\n    factor = 2,\n):\n\n    return (x\n        * factor)\n",
}
OTHER = {
    "constant": "def scale(x, factor=3):\n    return x * factor\n",
    "operator": "def scale(x, factor=2):\n    return x + factor\n",
    "order": "def scale(x, factor=2):\n    return factor * x\n",
    "name": "def scale(x, by=2):\n    return x * by\n",
    "annotation": "def scale(x: float, factor=2):\n    return x * factor\n",
    "decorator": "@cached\ndef scale(x, factor=2):\n    return x * factor\n",
    "none": "def scale(x, factor=None):\n    return x * factor\n",
}


def test_syntax_that_pythons_parse_differently_gives_the_stored_digest() -> None:
    """Such as f-strings, match statements, decorators and annotations."""
    assert hashlib.sha256(code_meaning(SOURCE).encode()).hexdigest() == DIGEST


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_text_that_does_nothing_does_not_count(source: str) -> None:
    """Comments, docstrings and layout may change."""
    assert code_meaning(source) == code_meaning(FUNCTION)


@pytest.mark.parametrize("source", OTHER.values(), ids=OTHER)
def test_code_counts(source: str) -> None:
    """Code that differs anywhere else gives another text."""
    assert code_meaning(source) != code_meaning(FUNCTION)


SENTENCES = """
def check(run, finding):
    finding.say(f"{run.loss:.3f} is low.")
    if "not a number" in run.text or run.text.startswith("no fit"):
        raise Failed("The loss did not go down.", hint="Call model.fit.")
"""


@pytest.mark.parametrize("words", ["is low.", "did not go down", "Call model"])
def test_wording_of_messages_counts_only_if_asked(words: str) -> None:
    """Verdicts do not depend on sentences that are only shown."""
    other = SENTENCES.replace(words, "in other words")
    assert code_meaning(SENTENCES) != code_meaning(other)
    assert code_meaning(SENTENCES, prose=False) == code_meaning(other, prose=False)


@pytest.mark.parametrize("words", ["not a number", "no fit", "run.text.", "Failed("])
def test_what_decides_counts_always(words: str) -> None:
    """A sentence that is compared, a pattern, and all code around sentences."""
    other = SENTENCES.replace(
        words, {"run.text.": "run.name.", "Failed(": "Error("}.get(words, "a b c")
    )
    assert code_meaning(SENTENCES, prose=False) != code_meaning(other, prose=False)
