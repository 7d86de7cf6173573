"""Lay out a class drawn from the corpus, as nbgrader would have collected it.

python -m tools.classes.demo FOLDER [ASSIGNMENT...]
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tools import ROOT, argument_parser

ASSIGNMENT = "01-first-training"
CLASS = {
    "01-first-training": {
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
    },
    "02-house-prices": {
        "ada": "right/as-in-the-lesson",
        "blaise": "right/momentum",
        "daphne": "wrong/not-normalized",
        "emmy": "wrong/statistics-of-both",
        "fermat": "wrong/learning-rate-10",
    },
    "03-digit-images": {
        "ada": "right/as-in-the-lesson",
        "carl": "right/functional-api",
        "emmy": "wrong/from-logits",
        "grace": "wrong/one-epoch",
        "hypatia": "wrong/never-fits",
    },
    "04-weight-steps": {
        "ada": "right/as-in-the-lesson",
        "blaise": "right/tf-data",
        "isaac": "wrong/steps-uphill",
        "jing": "wrong/live-weights",
        "leonhard": "wrong/freezes-the-last-layer",
    },
    "05-chatbot-intents": {
        "ada": "right/as-in-the-lesson",
        "katherine": "right/gru-large-batches",
        "maryam": "wrong/vocabulary-too-small",
        "niels": "wrong/shuffled-labels",
        "olga": "wrong/reply-minds-capitals",
    },
    "06-spoken-words": {
        "ada": "right/as-in-the-lesson",
        "carl": "right/conv2d-with-channel",
        "daphne": "wrong/predicted-before-true",
        "grace": "wrong/counts-the-diagonal",
        "olga": "wrong/stub-left",
    },
}
"""Each student's submission in the corpus, by assignment."""


def make_class(folder: Path, assignments: Iterable[str] = CLASS) -> None:
    """Fill a folder with the course and its class; keep what is there already.

    Args:
        folder: Made if it is missing.
        assignments: The assignments with submissions; default: all.
    """
    for name in ("solutions", "assignments"):
        ignored = shutil.ignore_patterns("corpus", "__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored, dirs_exist_ok=True)
    for name in ("course.yml", "comments.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for assignment in assignments:
        for student, submission in CLASS[assignment].items():
            place = folder / "submitted" / student / assignment
            place.mkdir(parents=True, exist_ok=True)
            notebook = (
                ROOT / "solutions" / assignment / "grading" / "corpus" / f"{submission}.ipynb"
            )
            shutil.copy(notebook, place / f"{assignment}.ipynb")


if __name__ == "__main__":
    parser = argument_parser("tools.classes.demo", __doc__)
    parser.add_argument("folder", type=Path, help="made if it is missing")
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    given = parser.parse_args()
    make_class(given.folder, given.assignments or CLASS)
