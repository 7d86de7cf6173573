"""Start a course, and write a new assignment that works at once for its author to change."""

from __future__ import annotations

from autograder.authoring.new_assignment.write import add_new_assignment, start_course

__all__ = ["add_new_assignment", "start_course"]
