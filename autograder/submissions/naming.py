"""Which assignment a file is named after, and which ids can name a folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from autograder.submissions.files import id_problem

NOTEBOOK, PYTHON = ".ipynb", ".py"
SUFFIXES = (NOTEBOOK, PYTHON)
"""Files that can be submissions, the preferred kind first."""
_FURTHER_SUFFIXES = (".json", ".txt")
"""What browsers and mail programs append to a notebook's name."""
_COPY_NUMBER = re.compile(
    r"(?:[ _]?\([0-9]+\)|-[0-9]+|-Copy[0-9]+| - Copy|[ _-]copy[0-9]*)$", re.IGNORECASE
)
"""What browsers, Canvas, JupyterLab and Windows add to the name of a second copy."""
_COPY_OF = re.compile(
    r"^(?:Copy(?:[ _]\([0-9]+\))?[ _]of|Kopie[ _]von|C[oó]pi[ae][ _]d[ei])[ _]", re.IGNORECASE
)
"""What Colab and Windows put before it, in English, German, French, Spanish and Portuguese."""


def split_name(name: str) -> tuple[str, str]:
    """A file's stem, and ".ipynb" or ".py" for what it is by its name, "" for anything else.

    Args:
        name: Such as "Homework (1).IPYNB" or "homework.ipynb.json".
    """
    lower = name.lower()
    for further in ("", *_FURTHER_SUFFIXES):
        for kind in SUFFIXES:
            if lower.endswith(kind + further) and (kind == NOTEBOOK or not further):
                return name[: -len(kind + further)], kind
    return name, ""


def assignment_in_name(name: str, assignments: Collection[str]) -> str:
    """The assignment that a file is named after, or "".

    Args:
        name: The name of a notebook or Python file, perhaps of a second copy.
        assignments: The course's assignments.
    """
    stem, kind = split_name(name)
    return assignment_in_stem(stem, assignments) if kind else ""


def assignment_in_stem(stem: str, assignments: Collection[str]) -> str:
    """The assignment that a stem, or a folder, is named after, or "".

    Args:
        stem: A name without its suffix.
        assignments: The course's assignments.
    """
    names = {_plain(name): name for name in assignments}
    while (plain := _plain(stem)) not in names:
        shorter = _COPY_OF.sub("", _COPY_NUMBER.sub("", stem)).strip().lstrip("_")
        if shorter == stem:
            return ""
        stem = shorter
    return names[plain]


def folder_name_problem(student: str) -> str:
    """Why text cannot be an id that names a folder, as the end of a sentence; "" if it can."""
    if "/" in student or "\\" in student or student.startswith("."):
        return "must not contain slashes or begin with a dot, which lead to other folders"
    return id_problem(student)


def _plain(stem: str) -> str:
    return re.sub(r"[\s_]+", "-", unicodedata.normalize("NFKC", stem).strip().casefold())
