"""Pydantic's errors in plain words: what was found, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from autograder.course.document import Document
from autograder.course.models import PATTERN_DESCRIPTIONS
from autograder.course.problems import Place, Problem, closest_match, printable

Schema = Mapping[str, Any]

_BY_TYPE = {
    "finite_number": "a finite number",
    "string_too_long": "fewer characters",
    "string_too_short": "at least one character",
    "string_unicode": "Unicode characters",
}
"""What was expected, where the type is right and the value is wrong."""


def explain(error: ValidationError, document: Document, schema: Schema) -> list[Problem]:
    """Convert pydantic's errors to problems.

    Args:
        error: From validating `document.data`.
        document: The file, for the lines.
        schema: JSON Schema of the whole file, for what each place may contain.

    Returns:
        The problems, in pydantic's order.
    """
    details = error.errors(include_url=False)
    # A misspelled key is one mistake, not both an unknown key and a missing one.
    misspelled = {
        (*detail["loc"][:-1], _nearest_key(detail["loc"], document, schema))
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    return [
        _problem(detail, document, schema)
        for detail in details
        if detail["loc"] not in document.unreadable
        and not (detail["type"] == "missing" and detail["loc"] in misspelled)
    ]


def _problem(detail: ErrorDetails, document: Document, schema: Schema) -> Problem:
    place, context = detail["loc"], detail.get("ctx", {})
    tip = str(context.get("tip", ""))
    if place and place[-1] == "[key]" and detail["type"].startswith("string"):
        place = place[:-1]
        expected = PATTERN_DESCRIPTIONS.get(context.get("pattern", ""), "a name")
        text = f'found the name "{printable(str(place[-1]))}"; expected {expected}'
    elif detail["type"] == "extra_forbidden":
        text = _unknown_key(place, document, schema)
    elif detail["type"] == "missing":
        here = schema_at(schema, place)
        text = f"missing; expected {expectation(here)}: {here.get('description', '')}".rstrip(": ")
    else:
        expected = _BY_TYPE.get(detail["type"]) or (
            expectation(schema_at(schema, place)) + _quoting(place, document, schema)
        )
        text = f"found {document.describe(place)}{context.get('note', '')}; expected {expected}"
    return Problem(text, document.line(place), place, tip)


def _unknown_key(place: Place, document: Document, schema: Schema) -> str:
    key = _nearest_key(place, document, schema)
    if key is not None:
        return f'unknown key; did you mean "{key}"?'
    return f"unknown key; expected one of {', '.join(_keys(schema, place[:-1]))}"


def _nearest_key(place: Place, document: Document, schema: Schema) -> str | None:
    """The key that was probably meant, of those that are missing."""
    parent, key = place[:-1], str(place[-1])
    missing = [name for name in _keys(schema, parent) if document.node((*parent, name)) is None]
    return closest_match(key, missing)


def _keys(schema: Schema, place: Place) -> list[str]:
    return list(schema_at(schema, place).get("properties", ()))


def _quoting(place: Place, document: Document, schema: Schema) -> str:
    """What to say about quotes, the most common reason for a wrong type and the hardest to see."""
    here = schema_at(schema, place)
    if here.get("type") in ("integer", "number") and document.is_quoted(place):
        return ", without quotes"
    is_free_text = here.get("type") == "string" and "pattern" not in here
    return ", in quotes" if is_free_text and document.is_bare(place) else ""


def schema_at(schema: Schema, place: Place) -> Schema:
    """The part of a JSON Schema that describes one place; empty if nothing does."""
    here = _resolve(schema, schema)
    for step in place:
        if isinstance(step, int):
            inner = here.get("items")
        else:
            patterns = list(here.get("patternProperties", {}).values())
            others = patterns or [here.get("additionalProperties")]
            inner = here.get("properties", {}).get(step, others[0])
        here = _resolve(inner if isinstance(inner, dict) else {}, schema)
    return here


def _resolve(part: Schema, schema: Schema) -> Schema:
    """Follow a reference; of "X or null" take X."""
    if "anyOf" in part:
        part = {**_resolve(part["anyOf"][0], schema), **part}
    if "$ref" in part:
        target = schema["$defs"][part["$ref"].rpartition("/")[2]]
        part = {**_resolve(target, schema), **part}
    return part


def expectation(part: Schema) -> str:
    """What a schema expects, for a message."""
    match part.get("type"):
        case "integer":
            return "a whole number" + _bounds(part)
        case "number":
            return "a number" + _bounds(part)
        case "string":
            return _text(part)
        case "array":
            return "a list, such as [one, two]"
        case "object":
            return "a mapping" + (" with at least one entry" if part.get("minProperties") else "")
        case _:
            return "something else"


def _text(part: Schema) -> str:
    if "enum" in part:
        return f"one of {', '.join(part['enum'])}"
    return PATTERN_DESCRIPTIONS.get(part.get("pattern", ""), "text")


def _bounds(part: Schema) -> str:
    bounds = []
    if "exclusiveMinimum" in part:
        bounds.append(f"above {part['exclusiveMinimum']:g}")
    if "minimum" in part:
        bounds.append(f"at least {part['minimum']}")
    if "maximum" in part:
        bounds.append(f"at most {part['maximum']}")
    if "exclusiveMaximum" in part:
        bounds.append(f"below {part['exclusiveMaximum']}")
    return f" ({', '.join(bounds)})" if bounds else ""
