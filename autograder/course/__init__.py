"""The course: what `course.yml` says, checked, with the paths of everything around it."""

from __future__ import annotations

from autograder.course.load import FILE_NAME, course_file, load_course
from autograder.course.models import Assignment, Course, Limits, Seeds
from autograder.course.schema import course_schema, write_course_schema

__all__ = [
    "FILE_NAME",
    "Assignment",
    "Course",
    "Limits",
    "Seeds",
    "course_file",
    "course_schema",
    "load_course",
    "write_course_schema",
]
