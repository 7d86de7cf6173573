"""Write into `course.yml` and leave everything else in it as a person wrote it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_WIDE = 4096


def set_thresholds(path: Path, assignment: str, thresholds: Mapping[str, float]) -> bytes:
    """The course file with other thresholds; comments, order and layout are kept.

    Args:
        path: The course file, which is only read.
        assignment: An assignment that it has.
        thresholds: New values by name.

    Returns:
        The file's new bytes.
    """
    yaml, document = _read(path)
    entry = document["assignments"][assignment]
    for name, value in thresholds.items():
        entry["thresholds"][name] = int(value) if value == int(value) else value
    return _written(yaml, document)


def add_assignment(path: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    """The course file with one more assignment at its end.

    Args:
        path: The course file, which is only read.
        name: The new assignment's name.
        entry: What `course.yml` says of it.

    Returns:
        The file's new bytes.
    """
    yaml, document = _read(path)
    document["assignments"][name] = dict(entry)
    return _written(yaml, document)


def _read(path: Path) -> tuple[YAML, Any]:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    return yaml, yaml.load(path.read_bytes())


def _written(yaml: YAML, document: Any) -> bytes:
    text = io.BytesIO()
    yaml.dump(document, text)
    return text.getvalue()
