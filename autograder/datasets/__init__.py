"""The course's data: made up from a seed, or shipped beside this module with its source noted.

SOURCES.md says where each file comes from and under which licence.
"""

from __future__ import annotations

from autograder.datasets.fruit import fruit, lesson_samples, orchard

__all__ = ["fruit", "lesson_samples", "orchard"]
