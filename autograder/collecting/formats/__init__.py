"""How each learning management system names students' files."""

from __future__ import annotations

from autograder.collecting.formats import brightspace, canvas, gradescope, moodle
from autograder.collecting.formats.naming import Format, read_archive

FORMATS = {module.FORMAT.lms: module.FORMAT for module in (canvas, moodle, brightspace, gradescope)}
"""Formats by the name that `--from` takes."""

__all__ = ["FORMATS", "Format", "read_archive"]
