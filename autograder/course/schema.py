"""JSON Schemas of `course.yml` and `comments.yml`: editors complete and explain their keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from autograder.course.comments import COMMENT_ENTRIES
from autograder.course.models import CourseFile
from autograder.errors import CourseError


class _Untitled(GenerateJsonSchema):
    """Leaves out titles such as "Wall Seconds", which only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        del schema
        return False


def course_schema() -> dict[str, Any]:
    """The schema of `course.yml`, made from the models.

    Returns:
        JSON Schema, draft 2020-12; no object accepts unknown keys.
    """
    return _closed(CourseFile.model_json_schema(schema_generator=_Untitled))


def comments_schema() -> dict[str, Any]:
    """The schema of `comments.yml`, as `course_schema`."""
    return _closed(COMMENT_ENTRIES.json_schema(schema_generator=_Untitled))


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    _close(schema)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


def _close(node: object) -> None:
    """Forbid keys that do not match: pydantic leaves mappings with a key pattern open."""
    if isinstance(node, dict):
        if "patternProperties" in node:
            node["additionalProperties"] = False
        for part in node.values():
            _close(part)
    elif isinstance(node, list):
        for part in node:
            _close(part)


def write_course_schema(path: Path) -> None:
    """Write the schema of `course.yml`; the same models give the same bytes.

    Args:
        path: Where, such as `course.schema.json` beside `course.yml`.

    Raises:
        CourseError: If it cannot be written.
    """
    _write(path, course_schema())


def write_comments_schema(path: Path) -> None:
    """Write the schema of `comments.yml`, as `write_course_schema`."""
    _write(path, comments_schema())


def _write(path: Path, schema: dict[str, Any]) -> None:
    text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror}.", "Choose a folder that you can write to."
        ) from error
