"""The card below a check's cell, and the same words for a console."""

from __future__ import annotations

import pytest
from grades import KERNEL, LOSS_CURVE, make_hostile_grade, make_verdict
from html_page import Page

from autograder.feedback import render_card, render_text
from autograder.results import Outcome


def test_failed_card_gives_the_outcome_in_words() -> None:
    """Mark, title, outcome, points, message and next step can be read without color."""
    assert Page(render_card(make_verdict())).words == (
        "✗Loss goes down · failed, 0 of 3 Before training 0.693, after 5 epochs 0.693; "
        "no weight changed. Next step: Call model.fit(x, y, epochs=epochs) and return what it "
        "returns."
    )


def test_hostile_texts_in_a_card_stay_text() -> None:
    """A card has only the tags and attributes of its template."""
    card = render_card(make_hostile_grade().checks[0])
    page = Page(card)
    assert set(page.names) == {"section", "div", "span", "strong", "img"}
    assert page.event_handlers() == []
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in card
    card.encode("utf-8")


def test_card_has_both_pictures_unless_they_are_turned_off() -> None:
    """`pictures=False` leaves the words."""
    evidence = {"loss_curve": dict(LOSS_CURVE), "kernel": dict(KERNEL)}
    verdict = make_verdict(evidence=evidence)
    page = Page(render_card(verdict))
    assert [str(image["alt"]).split()[0] for image in page.images()] == ["Loss", "Kernel"]
    plain = Page(render_card(verdict, pictures=False))
    assert plain.images() == []
    assert plain.text.split() == page.text.split()


def test_text_of_a_failed_check_is_three_lines() -> None:
    """A console gets the mark, the name and the points, then message and next step."""
    assert render_text(make_verdict()) == (
        "✗ loss_goes_down  0/3\n"
        "  Before training 0.693, after 5 epochs 0.693; no weight changed.\n"
        "  Next step: Call model.fit(x, y, epochs=epochs) and return what it returns."
    )


@pytest.mark.parametrize(
    ("outcome", "head"),
    [
        (Outcome.PASSED, "✓ a  3/3"),
        (Outcome.FAILED, "✗ a  0/3"),
        (Outcome.NOT_ATTEMPTED, "\N{EN DASH} a  0/3"),
        (Outcome.TIMEOUT, "✗ a  0/3"),
        (Outcome.RESOURCE_LIMIT, "✗ a  0/3"),
        (Outcome.GRADER_ERROR, "\N{EN DASH} a  no mark"),
    ],
)
def test_each_outcome_has_its_mark(outcome: Outcome, head: str) -> None:
    """A passed check has a tick, and a grader error shows no points."""
    assert render_text(make_verdict("a", outcome, message="", hint="")).splitlines()[0] == head


def test_tip_for_staff_is_not_in_a_card() -> None:
    """What failed in the grader is for those who run it, not for the student."""
    verdict = make_verdict(
        outcome=Outcome.GRADER_ERROR, message="/srv is full.", hint="Free some disk space."
    )
    for text in (Page(render_card(verdict)).text, render_text(verdict)):
        assert "not your fault" in text
        assert "/srv" not in text
        assert "disk" not in text


def test_code_in_backticks_is_set_as_code() -> None:
    """Code keeps its characters; backticks without a partner stay."""
    page = Page(render_card(make_verdict(message="`a<b>` is not `c` ``d`` `", hint="Use `x`.")))
    assert page.names.count("code") == 3
    assert "a<b> is not c ``d`` `" in page.text


def test_message_cannot_forge_a_line_of_the_console() -> None:
    """What follows a line break stays indented, whichever line break it is."""
    message = "x\n✓ c\r✓ d\u2028✓ e\x85✓ f\x1b[1A✓ g"
    lines = render_text(make_verdict("a\n✓ b  3/3", message=message)).splitlines()
    assert lines[0] == r"✗ a\n✓ b  3/3  0/3"
    assert lines[1:3] == ["  x", "  ✓ c\\r✓ d\\u2028✓ e\\x85✓ f\\x1b[1A✓ g"]
