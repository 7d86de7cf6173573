"""What those who mark share: comments to insert, work to divide, and how far they agree."""

from __future__ import annotations

from autograder.marking.agreement import FEW, Agreement, agreements, is_unanimous, marks_of
from autograder.marking.allocation import FOLDER as ALLOCATIONS
from autograder.marking.allocation import (
    Allocated,
    allocate,
    allocation_file,
    handed_over,
    read_allocation,
    why_a_person,
    write_allocation,
)
from autograder.marking.copies import Effect
from autograder.marking.entering import Entered, enter_agreed
from autograder.marking.inserting import CommentEditor, Copy, Use, count_uses, places_for
from autograder.marking.sheets import (
    Sheet,
    has_student,
    read_sheets,
    remove_student,
    sheets_folder,
    write_sheet,
)
from autograder.marking.suggesting import Suggestion, suggest

__all__ = [
    "ALLOCATIONS",
    "FEW",
    "Agreement",
    "Allocated",
    "CommentEditor",
    "Copy",
    "Effect",
    "Entered",
    "Sheet",
    "Suggestion",
    "Use",
    "agreements",
    "allocate",
    "allocation_file",
    "count_uses",
    "enter_agreed",
    "handed_over",
    "has_student",
    "is_unanimous",
    "marks_of",
    "places_for",
    "read_allocation",
    "read_sheets",
    "remove_student",
    "sheets_folder",
    "suggest",
    "why_a_person",
    "write_allocation",
    "write_sheet",
]
