"""Read what students submitted: the cells to run, and the notebook that people see."""

from __future__ import annotations

from autograder.submissions.cells import SCRIPT, Cell
from autograder.submissions.defined_names import (
    demonstration_names,
    names_defined_in,
    solution_functions,
    without_demonstrations,
)
from autograder.submissions.display import display_notebook, display_script, without_html
from autograder.submissions.files import (
    MAX_FILE_BYTES,
    SubmittedFile,
    id_problem,
    read_regular_file,
    read_timestamp,
)
from autograder.submissions.finding import find_submissions, find_uploaded
from autograder.submissions.merging import (
    cells_to_run,
    place_cells,
    script_cells,
    split_script,
    untouched_cells,
)
from autograder.submissions.naming import (
    SUFFIXES,
    assignment_in_name,
    assignment_in_stem,
    folder_name_problem,
    split_name,
)
from autograder.submissions.notebooks import (
    Notebook,
    NotebookCell,
    code_of,
    decode_text,
    grade_id,
    is_solution,
    normalized,
    normalized_text,
    parse_notebook,
    points,
    read_notebook,
    solution_names,
    source_of,
)
from autograder.submissions.own_file import find_own_file
from autograder.submissions.reading import Submission, read_submission

__all__ = [
    "MAX_FILE_BYTES",
    "SCRIPT",
    "SUFFIXES",
    "Cell",
    "Notebook",
    "NotebookCell",
    "Submission",
    "SubmittedFile",
    "assignment_in_name",
    "assignment_in_stem",
    "cells_to_run",
    "code_of",
    "decode_text",
    "demonstration_names",
    "display_notebook",
    "display_script",
    "find_own_file",
    "find_submissions",
    "find_uploaded",
    "folder_name_problem",
    "grade_id",
    "id_problem",
    "is_solution",
    "names_defined_in",
    "normalized",
    "normalized_text",
    "parse_notebook",
    "place_cells",
    "points",
    "read_notebook",
    "read_regular_file",
    "read_submission",
    "read_timestamp",
    "script_cells",
    "solution_functions",
    "solution_names",
    "source_of",
    "split_name",
    "split_script",
    "untouched_cells",
    "without_demonstrations",
    "without_html",
]
