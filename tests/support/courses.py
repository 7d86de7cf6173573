"""The course under test: where it is, and copies of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course import Course, load_course

ROOT = Path(__file__).parents[2]
NAME = "01-first-training"
CORPUS = ROOT / "solutions" / NAME / "grading" / "corpus"
KEY = "0123456789abcdef" * 4


def copy_course(root: Path) -> Course:
    """Copy what grading needs into a folder, with the tests' course key."""
    for name in ("solutions", "assignments"):
        ignored = shutil.ignore_patterns("__pycache__", "corpus")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    key = root / "course.key"
    key.write_text(f"{KEY}\n")
    key.chmod(0o600)
    return load_course(root)
