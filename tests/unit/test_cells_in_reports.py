"""The student's own cell in a report: as it was written, and nothing in it is hidden."""

from __future__ import annotations

import pytest
from grades import HOSTILE_TEXT, make_grade, make_verdict
from html_page import Page
from hypothesis import given
from hypothesis import strategies as st

from autograder.feedback import Quoted, render_report
from autograder.feedback.cells import cell_view
from autograder.results import Outcome

CODE = "def train_model(model):\n    # <b>fit</b>\n    return model.fit(x, epochs=3)\n"


def quoting(code: str, outcome: Outcome = Outcome.FAILED) -> str:
    """The report of two checks that are about the same cell."""
    names = ("loss_goes_down", "accuracy_passes")
    verdicts = [
        make_verdict(name, outcome).model_copy(update={"about": "train_model"}) for name in names
    ]
    goals = {"loss_goes_down": "The loss goes down."}
    return render_report(
        make_grade(*verdicts), title="T", quoted=Quoted({"train_model": code}, goals)
    )


def test_cell_is_beside_the_first_check_that_is_about_it() -> None:
    """It is shown once, as text; the second check links to the first."""
    page = Page(quoting(CODE))
    assert page.text.count("def train_model(model):") == 1
    assert "# <b>fit</b>" in page.text
    assert "b" not in page.names
    assert "Your cell train_model is beside Loss goes down." in page.words
    assert {"href": "#check-1"} in page.attributes("a")
    assert "Expected The loss goes down. Seen Before training 0.693" in page.words


def test_cell_of_a_check_that_passed_is_folded() -> None:
    """Nothing there is to be fixed."""
    html = quoting(CODE, Outcome.PASSED)
    fold = html[html.index("<details>") : html.index("def</span>")]
    assert "</details>" not in fold
    assert "Your cell" in fold


@pytest.mark.parametrize("code", ["", " \n\n"], ids=["missing", "blank"])
def test_check_without_a_cell_has_no_frame_for_it(code: str) -> None:
    """An old Grade, or a cell that was left empty."""
    assert "Your cell" not in Page(quoting(code)).text


def test_invisible_characters_are_shown_by_their_numbers() -> None:
    """What turns or hides text for a reader is visible; a name in other letters stays."""
    cell = cell_view("x = '\u202e\u2066' # \u200b\xa0\ufe0f\u3164 größe\x07\n\tpass")
    assert cell is not None
    text = "".join(part for _, part in cell.parts)
    assert text == ("x = 'U+202E U+2066' # U+200B U+00A0 U+FE0F U+3164 größeU+0007\n\tpass")
    unseen = [part for role, part in cell.parts if role == "unseen-character"]
    assert unseen == ["U+202E U+2066", "U+200B U+00A0 U+FE0F U+3164", "U+0007"]


def test_long_cell_is_cut_with_a_note() -> None:
    """A page does not grow with what a student hands in."""
    for code in ("x = 1\n" * 100_000, "y" * 600_000):
        html = quoting(code)
        assert len(html) < 60_000
        assert "more characters left out" in html


def test_hostile_cell_stays_text() -> None:
    """Code is untrusted as everything else."""
    page = Page(quoting(f"'''{HOSTILE_TEXT}'''"))
    assert page.event_handlers() == []
    assert "script" not in page.names
    assert "<script>alert(1)</script>" in page.text


@given(st.text(max_size=200))
def test_visible_code_is_shown_to_the_letter(code: str) -> None:
    """Highlighting changes no character of what a student wrote."""
    cell = cell_view(code)
    shown = "" if cell is None else "".join(text for role, text in cell.parts)
    unseen = cell is not None and any(role == "unseen-character" for role, _ in cell.parts)
    assert unseen or shown.strip() == code.replace("\r\n", "\n").strip("\n").strip()
