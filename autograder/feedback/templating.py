"""The templates of this package; they escape everything that they print."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

from autograder.feedback.markup import split_code

_TEMPLATES = Path(__file__).with_name("templates")


def template(name: str) -> jinja2.Template:
    """A template of this package; it escapes everything that it prints."""
    return _environment().get_template(name)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["split_code"] = split_code
    environment.filters["px"] = pixels
    return environment


def pixels(number: float) -> str:
    """A length for an SVG file, to a hundredth of a pixel: "12.25", "3"."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
