"""The class report: static pages for those who teach, with everybody's marks."""

from __future__ import annotations

from autograder.outputs.class_report.class_data import AssignmentData, ClassData, Source
from autograder.outputs.class_report.entry import Entry, EntryMaker
from autograder.outputs.class_report.folder import FOLDER, reports_about, student_page
from autograder.outputs.class_report.write import Written, write_class_report

__all__ = [
    "FOLDER",
    "AssignmentData",
    "ClassData",
    "Entry",
    "EntryMaker",
    "Source",
    "Written",
    "reports_about",
    "student_page",
    "write_class_report",
]
