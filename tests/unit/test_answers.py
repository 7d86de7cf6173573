"""The table that `check` shows: row headings, what the code printed, and what repeats."""

from __future__ import annotations

import re

import pytest
from contrast import blended, contrast_ratio
from grades import HINT, MESSAGE, make_grade, make_verdict
from html_page import Page

from autograder.feedback import (
    Answer,
    as_printed,
    render_answers,
    render_answers_text,
    render_card,
    render_report,
    told_once,
)
from autograder.results import Outcome, Verdict

PASSED = make_verdict("accuracy_passes", Outcome.PASSED)
HOSTS = {
    "JupyterLab light": ("#212121", "#ffffff"),
    "JupyterLab dark": ("#e0e0e0", "#111111"),
    "VS Code light": ("#616161", "#ffffff"),
    "VS Code dark": ("#cccccc", "#1f1f1f"),
    "Colab light": ("#212121", "#ffffff"),
    "Colab dark": ("#d5d5d5", "#383838"),
}
"""Text and background of the pages on which cards and tables are shown."""


def answer(*verdicts: Verdict) -> list[Answer]:
    """Answers without goals."""
    return [Answer(verdict, "It works with `fit`.") for verdict in verdicts]


@pytest.mark.parametrize("count", [1, 2])
def test_row_heading_is_the_title_alone(count: int) -> None:
    """A screen reader repeats the title for each cell of the row, and not the message."""
    html = render_answers(answer(*[make_verdict(), PASSED][:count]), "First training")
    headings = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html, re.DOTALL)
    assert headings == ["Loss goes down", "Accuracy passes"][:count]
    (message,) = re.findall(rf"<td[^>]*>\s*<div[^>]*>{re.escape(MESSAGE)}</div>", html)
    assert message


def test_printed_output_is_folded_below_the_table() -> None:
    """It is text in a closed fold, with progress bars as a terminal shows them in the end."""
    printed = "start\r\n\x1b[1m1/2\x1b[0m <b>\r\x1b[1m2/2\x1b[0m <i>\nend"
    html = render_answers(answer(make_verdict()), "First training", printed)
    fold = html[html.index("</table>") :]
    assert "<details style" in fold
    assert "What your code printed" in fold
    assert "start\n2/2 &lt;i&gt;\nend</pre>" in fold
    assert "What your code printed" not in render_answers(answer(PASSED), "T", " \r\n\x1b[0m")


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("a\r\nb", "a\nb"),
        ("12345\rab", "ab345"),
        ("12345\r\x1b[Kab", "ab"),
        ("12\x08\x083", "32"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07", "red link"),
        ("a\x00b\u202ec\x1b", "a\\x00b\\u202ec\\x1b"),
        ("x" * 30 + "y" * 30, "x" * 10 + "… 40 characters left out …" + "y" * 10),
    ],
    ids=["newline", "return", "erase", "backspace", "escapes", "hostile", "long"],
)
def test_printed_text_is_shown_as_a_terminal_ends_up(printed: str, shown: str) -> None:
    """Only what stays on the screen is kept, without control characters, and both ends."""
    assert as_printed(printed, 20) == shown


def test_failure_that_repeats_refers_to_the_first() -> None:
    """A later check with the same message and hint names the check that says it."""
    first = make_verdict("compile_sets_optimizer", message="`f` raised X.", hint="Fix it.")
    again = make_verdict("loss_fits", message="`f` raised X.", hint="Fix it.")
    later = make_verdict("accuracy_passes", message="Not reached: `f` raised X.", hint="Fix it.")
    shown = [(v.message, v.hint) for v in told_once([first, again, later])]
    assert shown == [
        ("`f` raised X.", "Fix it."),
        ("See “Compile sets optimizer”.", ""),
        ("Not reached: see “Compile sets optimizer”.", ""),
    ]


def test_hint_that_repeats_keeps_the_message() -> None:
    """Different measurements are told, and the same advice is given once."""
    other = make_verdict("accuracy_passes", message="The accuracy is 0.5.")
    shown = [(v.message, v.hint) for v in told_once([make_verdict(), other])]
    assert shown == [(MESSAGE, HINT), ("The accuracy is 0.5.", "See “Loss goes down”.")]


def test_checks_that_passed_may_say_the_same() -> None:
    """Nothing refers to a check that passed, and those are never shortened."""
    failed = make_verdict(message=PASSED.message)
    verdicts = [PASSED, PASSED.model_copy(update={"name": "b"}), failed]
    assert told_once(verdicts) == verdicts


def test_repetition_is_told_once_in_table_console_and_report() -> None:
    """Each place says the message and the hint once."""
    verdicts = [make_verdict(), make_verdict("accuracy_passes"), PASSED]
    texts = [
        Page(render_answers(answer(*verdicts), "T")).text,
        render_answers_text(answer(*verdicts)),
        Page(render_report(make_grade(*verdicts), title="T")).text,
    ]
    for text in texts:
        assert text.count(MESSAGE) == text.count(HINT) == 1
        assert "See “Loss goes down”." in text


@pytest.mark.parametrize("host", HOSTS)
def test_text_of_fragments_is_readable_on_every_page(host: str) -> None:
    """Each color reaches 4.5 to 1 on the background that it stands on, also code and badges."""
    ink, paper = HOSTS[host]
    outcomes = (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED)
    verdicts = [make_verdict(outcome=o, message="`a` is `b`.") for o in outcomes]
    html = render_answers(answer(*verdicts), "T", "printed") + render_card(verdicts[1])
    pairs = set()
    for _, attributes in Page(html).tags:
        style = str(attributes.get("style") or "")
        colors = re.findall(r"(?<!-)color: ([^;]+)", style)
        backgrounds = re.findall(r"background: ([^;]+)", style)
        pairs.add(((colors or ["inherit"])[-1], (backgrounds or ["none"])[-1]))
    assert len(pairs) >= 5
    for color, background in pairs:
        assert color == "inherit" or background.startswith("#"), (color, background)
        text = ink if color == "inherit" else color
        assert contrast_ratio(text, blended(background, paper)) >= 4.5, (color, background)
