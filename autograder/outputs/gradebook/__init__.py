"""Grades in nbgrader's own gradebook. Importing this package imports nbgrader, which is slow."""

from __future__ import annotations

from autograder.outputs.gradebook.address import database_url, file_of
from autograder.outputs.gradebook.commenting import (
    answer_cells,
    change_comments,
    enter_marks,
    hand_graded_cells,
)
from autograder.outputs.gradebook.copying import copy_gradebook
from autograder.outputs.gradebook.course_policy import CourseLatePolicy
from autograder.outputs.gradebook.database import open_gradebook
from autograder.outputs.gradebook.deleting import count_rows, delete_student
from autograder.outputs.gradebook.late_penalties import (
    PenaltyUpdate,
    PenaltyWriter,
    update_late_penalties,
    write_due_dates,
)
from autograder.outputs.gradebook.location import (
    GradebookLocation,
    find_gradebook,
    nbgrader_config,
)
from autograder.outputs.gradebook.review import ReviewReader, each_review, reviews
from autograder.outputs.gradebook.stored import (
    StoredNotebook,
    StoredSubmission,
    find_submissions,
    notebooks_of,
    own_columns,
    parts,
)
from autograder.outputs.gradebook.students import (
    Student,
    StudentChange,
    changes_by,
    fill_students,
    read_students,
    roster_of,
    spelled_as_known,
)
from autograder.outputs.gradebook.writer import Attempt, GradebookWriter, remove_scores

__all__ = [
    "Attempt",
    "CourseLatePolicy",
    "GradebookLocation",
    "GradebookWriter",
    "PenaltyUpdate",
    "PenaltyWriter",
    "ReviewReader",
    "StoredNotebook",
    "StoredSubmission",
    "Student",
    "StudentChange",
    "answer_cells",
    "change_comments",
    "changes_by",
    "copy_gradebook",
    "count_rows",
    "database_url",
    "delete_student",
    "each_review",
    "enter_marks",
    "file_of",
    "fill_students",
    "find_gradebook",
    "find_submissions",
    "hand_graded_cells",
    "nbgrader_config",
    "notebooks_of",
    "open_gradebook",
    "own_columns",
    "parts",
    "read_students",
    "remove_scores",
    "reviews",
    "roster_of",
    "spelled_as_known",
    "update_late_penalties",
    "write_due_dates",
]
