"""Text that students control, made safe to show in a terminal, a page or a file."""

from __future__ import annotations

import pytest

from autograder.results import clean, clean_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "plain, naïve, 日本語, שלום, 🙂\n\tindented",
            "plain, naïve, 日本語, שלום, 🙂\n\tindented",
        ),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b\x1b[0m[2J", r"\x1b[2J"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J\x08\x7f\x00", r"\x9b2J\x08\x7f\x00"),
        ("a\r\nb\rc", "a\nb\\rc"),
        ("\u202aa\u202e\u2066\u2069\u200e\u200f", r"\u202aa\u202e\u2066\u2069\u200e\u200f"),
        ("\u2028\u200b\ufeff\ufffe", r"\u2028\u200b\ufeff\ufffe"),
        ("\ud800 \udcff", r"\ud800 \udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("", ""),
    ],
)
def test_unseen_characters_are_shown_escaped(text: str, shown: str) -> None:
    """What would act or hide becomes visible, and the scripts of all languages stay."""
    assert clean(text) == shown


def test_long_text_loses_its_middle() -> None:
    """100 kB become 1,000 characters, with the number of those left out between both ends."""
    text = "begin " + "x" * 99_984 + " differs!!"
    short = clean(text)
    assert len(text) == 100_000
    assert short.startswith("begin xxx")
    assert short.endswith("xxx differs!!")
    assert short.count("… 99,000 characters left out …") == 1
    assert len(short) == 1000 + len("… 99,000 characters left out …")


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (0, "… 6 characters left out …"),
        (1, "a… 5 characters left out …"),
        (2, "a… 4 characters left out …f"),
        (5, "abc… 1 character left out …ef"),
        (6, "abcdef"),
    ],
)
def test_limit_counts_the_characters_kept(limit: int, shown: str) -> None:
    """Any limit keeps exactly that many, and a text that fits stays whole."""
    assert clean("abcdef", limit) == shown


def test_line_ends_and_tabs_are_escaped_on_one_line() -> None:
    """What must be one line is one line."""
    assert clean_line("a\nb\tc\r\nd") == r"a\nb\tc\nd"
