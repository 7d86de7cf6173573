"""What is kept of a course and of its people: archive it, restore it, forget a student."""

from __future__ import annotations

from autograder.records.archiving import Archived, archive
from autograder.records.forgetting import Kept, find_kept, forget, traces_of
from autograder.records.inventory import Item
from autograder.records.manifest import Manifest, versions_here
from autograder.records.restoring import restore

__all__ = [
    "Archived",
    "Item",
    "Kept",
    "Manifest",
    "archive",
    "find_kept",
    "forget",
    "restore",
    "traces_of",
    "versions_here",
]
