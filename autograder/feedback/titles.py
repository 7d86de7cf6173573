"""What people call a check."""

from __future__ import annotations

from autograder.results import Verdict, clean_line


def title_of(verdict: Verdict) -> str:
    """The title that the check's author wrote; in older Grades, the name as a title."""
    return clean_line(verdict.title, 120) or human_title(verdict.name)


def human_title(name: str) -> str:
    """A name as a title: "loss_goes_down" becomes "Loss goes down"."""
    words = clean_line(name, 80).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
