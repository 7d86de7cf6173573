"""The course: `course.yml`, validated; its folders; its seeds."""

from __future__ import annotations

from autograder.course.comments import (
    Comments,
    ReusableComment,
    comment_command,
    fitting_comments,
    load_comments,
)
from autograder.course.descriptions import CheckDescription, describe_checks, with_titles
from autograder.course.edit import add_assignment, assignment_names, set_thresholds
from autograder.course.folder import GRADING, AssignmentFolder
from autograder.course.late_policy import Extension, LatePolicy, LateWork, extended_due_dates
from autograder.course.load import FILE_NAME, load_course
from autograder.course.lti import LtiSettings, load_lti
from autograder.course.models import (
    ASSIGNMENT_NAME,
    PATTERN_DESCRIPTIONS,
    SCRATCH_MB,
    Assignment,
    Course,
    FollowThrough,
    Limits,
    OnSubmit,
    PracticeSeeds,
    Seeds,
)
from autograder.course.problems import closest_match
from autograder.course.python_source import parse_python
from autograder.course.schema import (
    comments_schema,
    course_schema,
    write_comments_schema,
    write_course_schema,
)
from autograder.course.seeds import FixedSeeds, KeyedSeeds, SeedSource, course_key, key_for_package
from autograder.course.student import Fetched, fetch_assignment, student_course

__all__ = [
    "ASSIGNMENT_NAME",
    "FILE_NAME",
    "GRADING",
    "PATTERN_DESCRIPTIONS",
    "SCRATCH_MB",
    "Assignment",
    "AssignmentFolder",
    "CheckDescription",
    "Comments",
    "Course",
    "Extension",
    "Fetched",
    "FixedSeeds",
    "FollowThrough",
    "KeyedSeeds",
    "LatePolicy",
    "LateWork",
    "Limits",
    "LtiSettings",
    "OnSubmit",
    "PracticeSeeds",
    "ReusableComment",
    "SeedSource",
    "Seeds",
    "add_assignment",
    "assignment_names",
    "closest_match",
    "comment_command",
    "comments_schema",
    "course_key",
    "course_schema",
    "describe_checks",
    "extended_due_dates",
    "fetch_assignment",
    "fitting_comments",
    "key_for_package",
    "load_comments",
    "load_course",
    "load_lti",
    "parse_python",
    "set_thresholds",
    "student_course",
    "with_titles",
    "write_comments_schema",
    "write_course_schema",
]
