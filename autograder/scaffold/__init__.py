"""A new assignment that works at once, for its author to change."""

from __future__ import annotations

from autograder.scaffold.new import add_new_assignment

__all__ = ["add_new_assignment"]
