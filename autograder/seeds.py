"""Grading seeds, derived from a key that students never get."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from autograder.course import Seeds
from autograder.errors import CourseError

_KEY_BYTES = 32


def course_key(path: Path) -> bytes:
    """Read the course key, or make it on first use with mode 0600.

    Args:
        path: `course.key` in the course folder.

    Returns:
        32 bytes.

    Raises:
        CourseError: If the file is not a key, or cannot be read or made.
    """
    try:
        if not path.exists():
            _make_key(path)
        text = path.read_text("ascii").strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"{path} cannot be used as the course key: {error}.",
            "It holds 64 hexadecimal digits; restore it from a backup. With a new key every "
            "submission is graded with other seeds.",
        ) from error
    if len(key) != _KEY_BYTES:
        raise CourseError(
            f"{path} holds {len(key)} bytes; a course key has {_KEY_BYTES}.",
            "Restore it from a backup.",
        )
    return key


def _make_key(path: Path) -> None:
    """Write a new key beside its place, and link it there: the first of two graders wins."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def grading_seeds(key: bytes, assignment: str) -> Seeds:
    """The seeds by which an assignment is graded: the same key gives the same seeds.

    Args:
        key: The course key.
        assignment: The assignment's name.

    Returns:
        One seed in [0, 2**32) a purpose.

    Source:
        HMAC-SHA256 (RFC 2104) of "ASSIGNMENT/PURPOSE", the first 4 bytes.
    """
    return Seeds(
        **{purpose: _derive(key, f"{assignment}/{purpose}") for purpose in Seeds.model_fields}
    )


def fingerprint(seeds: Seeds) -> str:
    """Twelve hexadecimal digits that tell two sets of seeds apart and reveal neither.

    The seeds have 128 bits between them, so that trying them all is out of reach.
    """
    text = seeds.model_dump_json()
    return hashlib.sha256(b"grading seeds:" + text.encode()).hexdigest()[:12]


def _derive(key: bytes, purpose: str) -> int:
    return int.from_bytes(hmac.digest(key, purpose.encode(), "sha256")[:4], "big")
