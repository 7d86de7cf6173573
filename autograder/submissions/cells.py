"""A code cell for the sandbox."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SCRIPT = "script"
"""The name of a Python file's cells; their lines are numbered as in the file."""


class Cell(BaseModel):
    """One code cell.

    Attributes:
        name: What messages call it.
        source: Its code.
        first_line: The number of its first line, as in the file of a script.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    source: str
    first_line: int = 1
