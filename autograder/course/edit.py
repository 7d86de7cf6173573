"""Edit `course.yml`, and leave everything else in it as a person wrote it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_LINE_WIDTH = 4096


def set_thresholds(path: Path, assignment: str, thresholds: Mapping[str, float]) -> bytes:
    """The course file with new thresholds; comments, order and layout stay.

    Args:
        path: The course file, which is only read.
        assignment: One of its assignments.
        thresholds: New values by name.

    Returns:
        The file's new bytes.
    """
    yaml, document = _read(path)
    entry = document["assignments"][assignment]
    for name, value in thresholds.items():
        entry["thresholds"][name] = int(value) if value == int(value) else value
    return _dump(yaml, document)


def add_assignment(path: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    """The course file with one more assignment at its end.

    Args:
        path: The course file, which is only read.
        name: The new assignment's name.
        entry: Its entry in `course.yml`.

    Returns:
        The file's new bytes.
    """
    yaml, document = _read(path)
    if not document["assignments"]:  # {}, which would stay in flow style
        document["assignments"].fa.set_block_style()
    document["assignments"][name] = dict(entry)
    return _dump(yaml, document)


def assignment_names(path: Path) -> list[str]:
    """Names of the assignments that a course file lists; it may have none yet."""
    return list(_read(path)[1]["assignments"])


def _read(path: Path) -> tuple[YAML, Any]:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _LINE_WIDTH
    return yaml, yaml.load(path.read_bytes())


def _dump(yaml: YAML, document: Any) -> bytes:
    buffer = io.BytesIO()
    yaml.dump(document, buffer)
    return buffer.getvalue()
