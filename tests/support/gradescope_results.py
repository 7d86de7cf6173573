"""Hold `results.json` against Gradescope's specification, field by field.

Written from the specification alone ("Output Format" in Gradescope's autograder documentation); it
shares no code with what writes the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

VISIBILITIES = ("hidden", "after_due_date", "after_published", "visible")
FORMATS = ("text", "html", "simple_format", "md", "ansi")
STATUSES = ("passed", "failed")


def is_number(value: object) -> bool:
    """A finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_text(value: object) -> bool:
    """A string that can be stored as UTF-8, without a NUL, which databases refuse."""
    return isinstance(value, str) and "\0" not in value and bool(value.encode("utf-8") or True)


def one_of(*values: str) -> Callable[[object], bool]:
    """Whether a value is one of some."""
    return lambda value: value in values


def is_object(value: object) -> bool:
    """A JSON object."""
    return isinstance(value, dict)


def is_tags(value: object) -> bool:
    """A list of strings."""
    return isinstance(value, list) and all(map(is_text, value))


TOP: Mapping[str, Callable[[object], bool]] = {
    "score": is_number,
    "execution_time": is_number,
    "output": is_text,
    "output_format": one_of(*FORMATS),
    "test_output_format": one_of(*FORMATS),
    "test_name_format": one_of(*FORMATS),
    "visibility": one_of(*VISIBILITIES),
    "stdout_visibility": one_of(*VISIBILITIES),
    "extra_data": is_object,
    "tests": lambda value: isinstance(value, list),
    "leaderboard": lambda value: isinstance(value, list),
}
TEST: Mapping[str, Callable[[object], bool]] = {
    "score": is_number,
    "max_score": is_number,
    "status": one_of(*STATUSES),
    "name": is_text,
    "name_format": one_of(*FORMATS),
    "number": is_text,
    "output": is_text,
    "output_format": one_of(*FORMATS),
    "tags": is_tags,
    "visibility": one_of(*VISIBILITIES),
    "extra_data": is_object,
}


def read_results(data: bytes) -> dict[str, Any]:
    """Read results as Gradescope does.

    Args:
        data: The bytes of `results.json`.

    Returns:
        The decoded results.

    Raises:
        AssertionError: If Gradescope would not take them, or not as they are meant.
    """
    results = json.loads(data.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_unique)
    assert isinstance(results, dict)
    _hold_against(results, TOP)
    tests = results.get("tests", [])
    for test in tests:
        assert isinstance(test, dict)
        _hold_against(test, TEST)
        assert 0 <= test["score"] <= test["max_score"], test
        # Without a status, Gradescope shows full marks as passed and anything else as failed.
        assert test["status"] == ("passed" if test["score"] == test["max_score"] else "failed")
    assert "score" in results or all("score" in test for test in tests)
    numbers = [test["number"] for test in tests]
    assert len(set(numbers)) == len(numbers)
    return results


def total_is_shown(results: Mapping[str, Any]) -> bool:
    """Whether students see their total: a test that is hidden from them hides it."""
    shown = [results.get("visibility", "visible")]
    shown += [test.get("visibility", shown[0]) for test in results.get("tests", [])]
    return all(value == "visible" for value in shown)


def _hold_against(value: Mapping[str, Any], fields: Mapping[str, Callable[[object], bool]]) -> None:
    for name, content in value.items():
        assert name in fields, f"Gradescope knows no {name}"
        assert fields[name](content), f"{name} must not be {content!r}"


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs), "a key is there twice"
    return dict(pairs)
