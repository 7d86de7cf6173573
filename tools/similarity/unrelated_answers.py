"""Write each assignment's `unrelated.json`: right answers that were written independently.

python -m tools.similarity.unrelated_answers

They come from `tests/honest/answers`, whose writers saw the assignments' texts alone. What the
tests say about an answer, above its code, is left out: students write no such lines.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from autograder.similarity import UNRELATED
from tools import ROOT

_NOTES = re.compile(r"^# *(?:case|style|fails|may|borderline)\b.*\n", re.MULTILINE)
_HEAD = re.compile(r'\A"""(?:[^"]|"(?!""))*"""\n')


def answer_of(path: Path) -> str:
    """The code of an answer, without the notes above it."""
    return _HEAD.sub("", _NOTES.sub("", path.read_text("utf-8"))).strip() + "\n"


def text_for(assignment: str) -> str:
    """What an assignment's file holds."""
    folder = ROOT / "tests" / "honest" / "answers" / assignment / "right"
    answers = {path.stem: answer_of(path) for path in sorted(folder.glob("*.py"))}
    return json.dumps(answers, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all files."""
    for folder in sorted((ROOT / "solutions").iterdir()):
        path = folder / "grading" / "corpus" / UNRELATED
        if path.parent.is_dir():
            path.write_text(text_for(folder.name), "utf-8")
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
