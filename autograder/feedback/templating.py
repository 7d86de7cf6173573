"""Templates that escape everything that they print."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

from autograder.feedback.markup import split_code
from autograder.results import clean_line

_TEMPLATES = Path(__file__).with_name("templates")


def template(name: str, folder: Path = _TEMPLATES) -> jinja2.Template:
    """A template, which escapes everything that it prints.

    Args:
        name: The file's name.
        folder: Its folder; default: this package's.
    """
    return _environment(folder).get_template(name)


@functools.cache
def _environment(folder: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["split_code"] = split_code
    environment.filters["px"] = pixels
    environment.filters["clean_line"] = clean_line
    return environment


def pixels(number: float) -> str:
    """A length for an SVG file, to a hundredth of a pixel: "12.25", "3"."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
