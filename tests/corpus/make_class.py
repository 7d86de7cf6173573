"""Lay out a class drawn from the corpus, as nbgrader would have collected it.

python tests/corpus/make_class.py FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

CORPUS = Path(__file__).parent
ROOT = CORPUS.parents[1]
ASSIGNMENT = "01-first-training"
CLASS = {
    "ada": "right/as-in-the-lesson",
    "blaise": "right/objects",
    "carl": "right/tf-data",
    "daphne": "wrong/returns-nothing",
    "emmy": "wrong/from-logits",
    "fermat": "wrong/fits-a-copy",
    "grace": "right/validation-split",
    "hypatia": "wrong/learning-rate-0",
    "isaac": "wrong/change-with-sign",
    "jing": "wrong/resets-the-weights",
    "katherine": "right/callbacks",
    "leonhard": "wrong/made-up-history",
    "maryam": "wrong/syntax-error",
    "niels": "wrong/shuffled-labels",
    "olga": "wrong/stub-left",
}


def make_class(folder: Path) -> None:
    """Fill a folder with the course and its class; what is there already stays.

    Args:
        folder: Made if it is missing.
    """
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for student, submission in CLASS.items():
        place = folder / "submitted" / student / ASSIGNMENT
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(CORPUS / ASSIGNMENT / f"{submission}.ipynb", place / f"{ASSIGNMENT}.ipynb")


if __name__ == "__main__":
    make_class(Path(sys.argv[1]))
