"""Grading seeds, derived from a key that students never get."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from autograder.course.models import Seeds
from autograder.errors import CourseError

_KEY_BYTES = 32


def course_key(path: Path) -> bytes:
    """Read the course key; create it on first use, with mode 0600.

    Args:
        path: `course.key` in the course folder.

    Returns:
        32 bytes.

    Raises:
        CourseError: If the file is not a key, or cannot be read or created.
    """
    try:
        if not path.exists():
            _make_key(path)
        text = path.read_text("ascii").strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"{path} cannot be used as the course key: {error}.",
            "It has 64 hexadecimal digits; restore it from a backup. A new key would grade every "
            "submission with other seeds.",
        ) from error
    if len(key) != _KEY_BYTES:
        raise CourseError(
            f"{path} has {len(key)} bytes; a course key has {_KEY_BYTES}.",
            "Restore it from a backup.",
        )
    return key


def _make_key(path: Path) -> None:
    """Write a new key to a temporary file and link it: the first of two graders wins."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def grading_seeds(key: bytes, assignment: str) -> Seeds:
    """The seeds that an assignment is graded with; the same key gives the same seeds.

    Args:
        key: The course key.
        assignment: The assignment's name.

    Returns:
        One seed in [0, 2**32) per purpose.

    Source:
        HMAC-SHA256 (RFC 2104) of "ASSIGNMENT/PURPOSE", the first 4 bytes.
    """
    return Seeds(
        **{purpose: _derive(key, f"{assignment}/{purpose}") for purpose in Seeds.model_fields}
    )


def fingerprint(seeds: Seeds) -> str:
    """Twelve hexadecimal digits that identify a set of seeds without revealing it.

    The seeds have 128 bits together, too many to try them all.
    """
    text = seeds.model_dump_json()
    return hashlib.sha256(b"grading seeds:" + text.encode()).hexdigest()[:12]


def _derive(key: bytes, purpose: str) -> int:
    return int.from_bytes(hmac.digest(key, purpose.encode(), "sha256")[:4], "big")
