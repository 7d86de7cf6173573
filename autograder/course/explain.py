"""What pydantic found wrong, in plain words: what was found, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from autograder.course.document import Document
from autograder.course.models import PATTERN_WORDS
from autograder.course.problems import Place, Problem, nearest, shown

Schema = Mapping[str, Any]

_BY_TYPE = {
    "finite_number": "a finite number",
    "string_too_short": "at least one character",
    "string_unicode": "characters that Unicode has",
}
"""What was expected, where the right type holds the wrong value."""


def explain(error: ValidationError, document: Document, schema: Schema) -> list[Problem]:
    """One problem for each of pydantic's errors that a person should see.

    Args:
        error: From validating `document.data`.
        document: Knows the lines.
        schema: JSON Schema of the whole; knows what each place may hold.

    Returns:
        The problems, in pydantic's order.
    """
    details = error.errors(include_url=False)
    # A misspelt key is one slip, not one key too many and one too few.
    meant = {
        (*detail["loc"][:-1], _nearest_key(detail["loc"], document, schema))
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    return [
        _problem(detail, document, schema)
        for detail in details
        if detail["loc"] not in document.unreadable
        and not (detail["type"] == "missing" and detail["loc"] in meant)
    ]


def _problem(detail: ErrorDetails, document: Document, schema: Schema) -> Problem:
    place, context = detail["loc"], detail.get("ctx", {})
    tip = str(context.get("tip", ""))
    if place and place[-1] == "[key]" and detail["type"].startswith("string"):
        place = place[:-1]
        expected = PATTERN_WORDS.get(context.get("pattern", ""), "a name")
        text = f'found the name "{shown(str(place[-1]))}"; expected {expected}'
    elif detail["type"] == "extra_forbidden":
        text = _no_such_key(place, document, schema)
    elif detail["type"] == "missing":
        here = schema_at(schema, place)
        text = f"missing; expected {expectation(here)}: {here.get('description', '')}".rstrip(": ")
    else:
        expected = _BY_TYPE.get(detail["type"]) or (
            expectation(schema_at(schema, place)) + _quoting(place, document, schema)
        )
        text = f"found {document.found(place)}{context.get('note', '')}; expected {expected}"
    return Problem(text, document.line(place), place, tip)


def _no_such_key(place: Place, document: Document, schema: Schema) -> str:
    key = _nearest_key(place, document, schema)
    if key is not None:
        return f'no such key; did you mean "{key}"?'
    return f"no such key; expected one of {', '.join(_keys(schema, place[:-1]))}"


def _nearest_key(place: Place, document: Document, schema: Schema) -> str | None:
    """The key that was probably meant, of those that are not there yet."""
    around, wrong = place[:-1], str(place[-1])
    absent = [key for key in _keys(schema, around) if document.node((*around, key)) is None]
    return nearest(wrong, absent)


def _keys(schema: Schema, place: Place) -> list[str]:
    return list(schema_at(schema, place).get("properties", ()))


def _quoting(place: Place, document: Document, schema: Schema) -> str:
    """Quotes are the commonest reason for a wrong type, and the hardest to see."""
    here = schema_at(schema, place)
    if here.get("type") in ("integer", "number") and document.is_quoted(place):
        return ", without quotes"
    is_free_text = here.get("type") == "string" and "pattern" not in here
    return ", in quotes" if is_free_text and document.is_bare(place) else ""


def schema_at(schema: Schema, place: Place) -> Schema:
    """The part of a JSON Schema that describes one place; empty if nothing does."""
    here = _resolved(schema, schema)
    for step in place:
        if isinstance(step, int):
            inner = here.get("items")
        else:
            patterns = list(here.get("patternProperties", {}).values())
            rest = patterns or [here.get("additionalProperties")]
            inner = here.get("properties", {}).get(step, rest[0])
        here = _resolved(inner if isinstance(inner, dict) else {}, schema)
    return here


def _resolved(part: Schema, schema: Schema) -> Schema:
    """Follow a reference, and of "this or null" take this."""
    if "anyOf" in part:
        part = {**_resolved(part["anyOf"][0], schema), **part}
    if "$ref" in part:
        target = schema["$defs"][part["$ref"].rpartition("/")[2]]
        part = {**_resolved(target, schema), **part}
    return part


def expectation(part: Schema) -> str:
    """What a schema asks for, in words."""
    match part.get("type"):
        case "integer":
            return "a whole number" + _bounds(part)
        case "number":
            return "a number" + _bounds(part)
        case "string":
            return PATTERN_WORDS.get(part.get("pattern", ""), "text")
        case "array":
            return "a list, such as [one, two]"
        case "object":
            return "a mapping" + (" with at least one entry" if part.get("minProperties") else "")
        case _:
            return "something else"


def _bounds(part: Schema) -> str:
    words = []
    if "exclusiveMinimum" in part:
        words.append(f"above {part['exclusiveMinimum']:g}")
    if "minimum" in part:
        words.append(f"at least {part['minimum']}")
    if "maximum" in part:
        words.append(f"at most {part['maximum']}")
    if "exclusiveMaximum" in part:
        words.append(f"below {part['exclusiveMaximum']}")
    return f" ({', '.join(words)})" if words else ""
