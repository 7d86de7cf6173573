"""Lay out the hostile corpus as a class: honest students with attackers between them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from courses import CORPUS, NAME, ROOT
from ruamel.yaml import YAML

from autograder.sandbox.kernel import syscalls

HOSTILE = ROOT / "tests" / "hostile" / "corpus"
EXPECTED: dict[str, Any] = YAML(typ="safe").load(HOSTILE / "expected.yml")
HONEST = {
    "00-emmy": "wrong/from-logits",
    "20-carl": "right/tf-data",
    "30-zoe": "right/objects",
    "ada": "right/as-in-the-lesson",
}
"""Ids that sort before, between and after the attackers' ids, which begin with a number."""
EVIL_ID = "<img src=x onerror=alert(0)>"
"""A student's id that is markup; it must be shown as it is spelled."""
WALL_SECONDS = int(os.environ.get("HOSTILE_SECONDS", "15"))
"""How long a submission may run in a class with attackers; more where the machine is busy."""
SECRET = "canary-4f1d"  # noqa: S105 - a test's own


def told(course: Path, port: int = 1, socket: str = "nobody") -> dict[str, str]:
    """What an attacker may have found out, for the corpus' placeholders."""
    return {
        "@COURSE@": str(course),
        "@GRADER@": str(os.getpid()),
        "@PORT@": str(port),
        "@SOCKET@": socket,
        "@SECRET@": SECRET,
        "@TOO_LONG@": str(WALL_SECONDS + 5),
        "@ADD_KEY@": str(syscalls.number("add_key")),
        "@IO_SETUP@": str(syscalls.number("io_setup")),
    }


def hostile_file(row: str, folder: Path, words: Mapping[str, str]) -> Path:
    """Copy one hostile submission into a folder, its placeholders filled in.

    Args:
        row: Its name in `expected.yml`.
        folder: Where to; what lies beside the notebook is copied too.
        words: From `told`.

    Returns:
        The notebook.
    """
    source = HOSTILE / row
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        return folder / f"{NAME}.ipynb"
    folder.mkdir(parents=True, exist_ok=True)
    if "made" in EXPECTED[row]:
        return MADE[EXPECTED[row]["made"]](folder / f"{NAME}.ipynb")
    text = (HOSTILE / f"{row}.ipynb").read_text("utf-8")
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    path = folder / f"{NAME}.ipynb"
    path.write_text(text, "utf-8")
    return path


def hand_in_honest(course: Path) -> None:
    """Put the honest students' notebooks into `submitted/`."""
    for student, name in HONEST.items():
        place = course / "submitted" / student / NAME
        place.mkdir(parents=True)
        shutil.copy(CORPUS / f"{name}.ipynb", place / f"{NAME}.ipynb")


def hand_in_hostile(course: Path) -> None:
    """Put every hostile submission into `submitted/` under its row's name, and one as `EVIL_ID`."""
    for row in EXPECTED:
        hostile_file(row, course / "submitted" / row / NAME, told(course))
    place = course / "submitted" / EVIL_ID / NAME
    hostile_file("35-html-in-a-message", place, told(course))


def messages(grade: Mapping[str, Any]) -> str:
    """All messages of a Grade and its notices, one per line, without the backticks of code.

    Args:
        grade: The Grade as in JSON.
    """
    texts = [*(check["message"] for check in grade["checks"]), *grade["notices"]]
    return "\n".join(texts).replace("`", "")


# Files that cannot be committed, or would be large


def _notebook(**parts: object) -> bytes:
    whole = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **parts}
    return json.dumps(whole).encode()


def _bytes(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def _large(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(10**9)
    return path


def _many_cells(path: Path) -> Path:
    cell = {"cell_type": "raw", "id": "x", "metadata": {}, "source": ""}
    path.write_bytes(_notebook(cells=[cell] * 100_000))
    return path


def _link(path: Path) -> Path:
    path.symlink_to("/etc/passwd")
    return path


def _second_name(path: Path) -> Path:
    other = path.with_name("other.ipynb")
    other.write_bytes((CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    path.hardlink_to(other)
    return path


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _honest(path: Path) -> Path:
    path.write_bytes((CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    return path


def _pipe_beside(path: Path) -> Path:
    for name in ("timestamp.txt", "submission_secret.txt", "helper.py"):
        os.mkfifo(path.with_name(name))
    return _honest(path)


def _endless_beside(path: Path) -> Path:
    for name in ("timestamp.txt", "helper.py"):
        path.with_name(name).symlink_to("/dev/zero")
    return _honest(path)


def _folder_that_leads_to(place: str) -> Callable[[Path], Path]:
    """A link in place of the assignment's folder.

    Args:
        place: Where it leads, seen from the student's folder.
    """

    def make(path: Path) -> Path:
        folder = path.parent
        folder.rmdir()
        folder.symlink_to(f"{place}/{NAME}")
        return path

    return make


def _script(text: str) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        script = path.with_suffix(".py")
        script.write_text(text)
        return script

    return make


MADE: Mapping[str, Callable[[Path], Path]] = {
    "large": _large,
    "many-cells": _many_cells,
    "deep-json": _bytes(b'{"nbformat": 4, "cells": ' + b"[" * 1_000_000),
    "huge-number": _bytes(b'{"nbformat": 4, "nbformat_minor": ' + b"9" * 100_000 + b"}"),
    "link": _link,
    "second-name": _second_name,
    "pipe": _pipe,
    "folder": _folder,
    "not-utf-8": _bytes(b'{"nbformat": 4, "cells": ["\xff\xfe"]}'),
    "old-format": _bytes(b'{"nbformat": 3, "worksheets": []}'),
    "damaged": _bytes(_notebook(cells=[{"cell_type": 7, "source": {}}, None])),
    "empty": _bytes(b""),
    "honest": _honest,
    "not-a-notebook": _bytes(b"[1, 2, 3]"),
    "pipe-beside": _pipe_beside,
    "endless-beside": _endless_beside,
    "folder-of-solutions": _folder_that_leads_to("../../solutions"),
    "folder-of-another-student": _folder_that_leads_to("../ada"),
    "many-marks": _script("# %%\n" * 200_000),
    "many-marks-in-20-MB": _script("#%%\n" * 4_900_000),
}
"""Writers of submissions, by the name that `expected.yml` gives them."""
