"""Unpack a learning management system's archives into nbgrader's layout."""

from __future__ import annotations

from autograder.collecting.enrolled import Enrolled, Enrollment, enrollment
from autograder.collecting.formats import FORMATS, Format
from autograder.collecting.models import Leftover, Lms
from autograder.collecting.pipeline import Collected, Request, collect
from autograder.collecting.roster import ID_COLUMNS, Roster, read_roster
from autograder.collecting.storing import is_marked_late

__all__ = [
    "FORMATS",
    "ID_COLUMNS",
    "Collected",
    "Enrolled",
    "Enrollment",
    "Format",
    "Leftover",
    "Lms",
    "Request",
    "Roster",
    "collect",
    "enrollment",
    "is_marked_late",
    "read_roster",
]
