"""A school's help desk: what people write to it, what they want, and what it replies.

Students get 724 utterances. Only the grader has another 216, in other words. All were written for
this course; see SOURCES.md.
"""

from __future__ import annotations

import collections
import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

PUBLIC_UTTERANCES: Final = Path(__file__).with_name("intents.csv")
_REPLY_TO: Final = {
    "greeting": "Hello. I am Otto, the help desk that never sleeps. What can I do for you?",
    "goodbye": "Goodbye. I stay here. I have no legs.",
    "opening_hours": "The library is open from 8 to 18, on Saturdays from 10 to 14. "
    "On Sundays the books rest.",
    "lost_property": "Lost things wait in the blue box at the front desk. "
    "Most of them are single gloves.",
    "book_loan": "You may borrow five books for four weeks. "
    "Renew them as often as you like, unless somebody is waiting.",
    "timetable": "Your timetable hangs beside room 12. Changes are in red.",
    "canteen_menu": "Today there is soup, pasta, and something green that nobody can name.",
    "password_reset": "Type a new password at the front desk, twice. Your cat's name is taken.",
}
INTENTS: Final = tuple(_REPLY_TO)
"""The intents' names; an intent's number is its index here."""
REPLIES: Final = tuple(_REPLY_TO.values())
"""What Otto, the help desk, says to each intent, by the intent's number."""
SENTENCE_LENGTH: Final = 10
"""How many word ids a sentence has after `vectorize`."""
PADDING, UNKNOWN = 0, 1
"""The id that fills up a short sentence, and the id of a word that is not in the vocabulary."""
FIRST_WORD_ID: Final = 2
_LEAST_OCCURRENCES = 2


def utterances(file: Path = PUBLIC_UTTERANCES) -> tuple[list[str], NDArray[np.int64]]:
    """Load what people wrote to the help desk, and what they wanted; one intent after another.

    Args:
        file: A CSV file with the columns of intents.csv.

    Returns:
        Sentences, and the number of each one's intent in `INTENTS`, shape (sentences,), int64.

    Raises:
        OSError: If the file cannot be read.
        KeyError: If a column is missing.
        ValueError: If an intent is not one of `INTENTS`.
    """
    with file.open(newline="", encoding="utf-8") as table:
        rows = [(row["utterance"], INTENTS.index(row["intent"])) for row in csv.DictReader(table)]
    return [text for text, _ in rows], np.array([intent for _, intent in rows], dtype=np.int64)


def words(sentence: str) -> list[str]:
    """Split a sentence into words: lower case, without apostrophes and punctuation.

    Args:
        sentence: Any text, such as "What's for lunch?".

    Returns:
        The words, such as ["whats", "for", "lunch"].
    """
    return re.findall(r"[^\W_]+", re.sub(r"['\u2019]", "", sentence.lower()))


def _vocabulary() -> dict[str, int]:
    """Ids of the words that occur at least twice, the most frequent first."""
    count = collections.Counter(word for text in utterances()[0] for word in words(text))
    known = sorted((-times, word) for word, times in count.items() if times >= _LEAST_OCCURRENCES)
    return {word: number for number, (_, word) in enumerate(known, start=FIRST_WORD_ID)}


WORD_IDS: Final[Mapping[str, int]] = _vocabulary()
"""The id of each word in the vocabulary. A word that occurs only once in intents.csv counts as
unknown, so that a model learns about unknown words too."""
VOCABULARY_SIZE: Final = FIRST_WORD_ID + len(WORD_IDS)
"""How many ids there are: padding, unknown, and one for each word in the vocabulary."""


def vectorize(sentences: Sequence[str]) -> NDArray[np.int64]:
    """Turn sentences into word ids.

    Zeros at the front fill up each row. Words after the tenth are left out.

    Args:
        sentences: A list of sentences.

    Returns:
        Word ids, shape (sentences, 10), int64, each in [0, `VOCABULARY_SIZE`): 0 is padding, 1 is
        an unknown word.

    Raises:
        TypeError: If `sentences` is one sentence instead of a list.
    """
    if isinstance(sentences, str):
        raise TypeError(f"vectorize takes a list of sentences: write vectorize([{sentences!r}])")
    x = np.full((len(sentences), SENTENCE_LENGTH), PADDING, dtype=np.int64)
    for row, sentence in zip(x, sentences, strict=True):
        ids = [WORD_IDS.get(word, UNKNOWN) for word in words(sentence)[:SENTENCE_LENGTH]]
        row[SENTENCE_LENGTH - len(ids) :] = ids
    return x
