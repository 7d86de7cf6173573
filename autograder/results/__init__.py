"""What all layers share: Grades and verdicts, text made safe to print, atomic writes."""

from __future__ import annotations

from autograder.results.csv_file import CsvFile, csv_bytes, escape_formula, read_csv
from autograder.results.files import (
    delete_partial_files,
    make_private,
    replaced_file,
    write_atomically,
    write_for_release,
)
from autograder.results.grade import (
    MEASURED,
    Grade,
    Outcome,
    Review,
    SandboxRecord,
    Verdict,
)
from autograder.results.plain_text import clean, clean_line
from autograder.results.training import (
    ArrayChange,
    Landscape,
    Mistake,
    PathPoint,
    TrainingSummary,
)

__all__ = [
    "MEASURED",
    "ArrayChange",
    "CsvFile",
    "Grade",
    "Landscape",
    "Mistake",
    "Outcome",
    "PathPoint",
    "Review",
    "SandboxRecord",
    "TrainingSummary",
    "Verdict",
    "clean",
    "clean_line",
    "csv_bytes",
    "delete_partial_files",
    "escape_formula",
    "make_private",
    "read_csv",
    "replaced_file",
    "write_atomically",
    "write_for_release",
]
