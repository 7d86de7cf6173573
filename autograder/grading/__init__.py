"""Grade a class or one submission: run it in the sandbox, score it, store the Grade."""

from __future__ import annotations

from autograder.grading.attendance import (
    Attendance,
    attendance,
    read_roster_of,
    without_marks,
)
from autograder.grading.batch import (
    Progress,
    assignments_with_submissions,
    class_files,
    grade,
    grade_each,
)
from autograder.grading.causes import solution_cells, with_causes
from autograder.grading.class_report import read_class
from autograder.grading.cluster import Scheduler
from autograder.grading.doctor import can_grade, examine
from autograder.grading.grade_store import GradeStore, graded_assignments
from autograder.grading.grader import Graded, Grader
from autograder.grading.import_closure import Dependencies, find_dependencies, imported_modules
from autograder.grading.incremental import IN_FLIGHT, IncrementalGrader, Options
from autograder.grading.late_work import update_late_work, with_new_penalties
from autograder.grading.provenance import (
    assignment_files,
    assignment_modules,
    grading_code,
    grading_digest,
    verdict_code,
)
from autograder.grading.reference import fast_if_identical, require_full_marks
from autograder.grading.scorer import Scorer
from autograder.grading.session import LocalSession, course_limits, start_grader
from autograder.grading.single import grade_single

__all__ = [
    "IN_FLIGHT",
    "Attendance",
    "Dependencies",
    "GradeStore",
    "Graded",
    "Grader",
    "IncrementalGrader",
    "LocalSession",
    "Options",
    "Progress",
    "Scheduler",
    "Scorer",
    "assignment_files",
    "assignment_modules",
    "assignments_with_submissions",
    "attendance",
    "can_grade",
    "class_files",
    "course_limits",
    "examine",
    "fast_if_identical",
    "find_dependencies",
    "grade",
    "grade_each",
    "grade_single",
    "graded_assignments",
    "grading_code",
    "grading_digest",
    "imported_modules",
    "read_class",
    "read_roster_of",
    "require_full_marks",
    "solution_cells",
    "start_grader",
    "update_late_work",
    "verdict_code",
    "with_causes",
    "with_new_penalties",
    "without_marks",
]
