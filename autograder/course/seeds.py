"""Grading seeds, derived from a key that students never get."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Protocol

from autograder.course.models import Seeds
from autograder.errors import CourseError

_KEY_BYTES = 32
_SEED_BYTES = 16


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


def key_for_package(key: bytes, assignment: str) -> bytes:
    """A key for one assignment on machines of other people, from which the course key is not seen.

    Args:
        key: The course key.
        assignment: The assignment's name.

    Returns:
        32 bytes, the same each time.

    Source:
        HMAC-SHA256 (RFC 2104).
    """
    return hmac.digest(key, f"package/{assignment}".encode(), "sha256")


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


class SeedSource(Protocol):
    """Where the seeds of each submission come from."""

    @property
    def kind(self) -> str:
        """What the seeds are for: "grading", "practice" or "trial"."""

    def seeds(self, submission: str) -> Seeds:
        """The seeds to train and grade a submission with.

        Args:
            submission: The digest of what was handed in.
        """

    def fingerprint(self, submission: str = "") -> str:
        """Twelve hexadecimal digits that identify the seeds of a submission, or of all of them."""


@dataclasses.dataclass(frozen=True)
class FixedSeeds:
    """The same seeds for every submission; see `SeedSource`.

    Attributes:
        all: The seeds.
        kind: What they are for.
    """

    all: Seeds
    kind: str = "practice"

    def seeds(self, submission: str) -> Seeds:  # noqa: ARG002, D102 - the same for each
        return self.all

    def fingerprint(self, submission: str = "") -> str:  # noqa: ARG002, D102
        return hashlib.sha256(b"seeds:" + self.all.model_dump_json().encode()).hexdigest()[:12]


@dataclasses.dataclass(frozen=True)
class KeyedSeeds:
    """Seeds of its own for every submission, which only the holder of a key knows.

    The same file gets the same seeds each time. Another one gets others, so that no number in a
    report is of use for another submission.

    Attributes:
        key: The course key.
        assignment: The assignment's name.
        kind: What they are for.

    Source:
        HMAC-SHA256 (RFC 2104) of purpose, assignment and submission, the first 16 bytes.
    """

    key: bytes
    assignment: str
    kind: str = "grading"

    def seeds(self, submission: str) -> Seeds:  # noqa: D102 - see `SeedSource`
        return Seeds(
            **{
                purpose: int.from_bytes(self._digest(purpose, submission)[:_SEED_BYTES], "big")
                for purpose in Seeds.model_fields
            }
        )

    def fingerprint(self, submission: str = "") -> str:  # noqa: D102
        return self._digest("fingerprint", submission).hex()[:12]

    def _digest(self, purpose: str, submission: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}/{self.assignment}/{submission}".encode(), "sha256")
