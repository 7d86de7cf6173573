"""Names of files for names that people chose."""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9_]+(-[a-z0-9_]+)*")
_MAX_PLAIN = 48
_MAX_READABLE = 24
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)))
)
"""Names that Windows keeps for itself, whatever their ending."""


def slug(name: str) -> str:
    """The name of a file for any text: different texts have different names.

    Lowercase letters, digits, hyphens and underscores stay as they are. Any other text becomes its
    harmless part, two hyphens and 128 bits of a digest, so that names also differ where a file
    system ignores case.
    """
    if len(name) <= _MAX_PLAIN and _PLAIN.fullmatch(name) and name not in _DEVICES:
        return name
    readable = "-".join(re.findall("[a-z0-9]+", name.lower()[:_MAX_READABLE])) or "x"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{readable}--{digest}"
