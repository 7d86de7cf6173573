"""Lay out a class drawn from the corpus, as nbgrader would have collected it.

python tests/corpus/make_class.py FOLDER
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

CORPUS = Path(__file__).parent
ROOT = CORPUS.parents[1]
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
"""Who handed in what, by assignment."""


def make_class(folder: Path, assignments: Iterable[str] = CLASS) -> None:
    """Fill a folder with the course and its class; what is there already stays.

    Args:
        folder: Made if it is missing.
        assignments: What was handed in; the whole course unless told.
    """
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for assignment in assignments:
        for student, submission in CLASS[assignment].items():
            place = folder / "submitted" / student / assignment
            place.mkdir(parents=True, exist_ok=True)
            notebook = CORPUS / assignment / f"{submission}.ipynb"
            shutil.copy(notebook, place / f"{assignment}.ipynb")


if __name__ == "__main__":
    make_class(Path(sys.argv[1]))
