"""Comments of teaching assistants: Markdown on the report's page, and nothing that acts."""

from __future__ import annotations

import pytest
from grades import HOSTILE_TEXT, make_grade, make_verdict
from html_page import Page

from autograder.feedback import render_report
from autograder.outputs.comments import render_comment
from autograder.results import Review

HARMLESS = {"p", "br", "code", "pre", "strong", "em", "ul", "ol", "li", "h4", "a", "blockquote"}


def test_markdown_of_a_comment_is_rendered() -> None:
    """Code, emphasis, lists, headings and links to pages become HTML."""
    page = Page(
        render_comment(
            "# Nearly\nUse `model.fit`:\n\n```python\nif a < b: fit()\n```\n\n- **one**\n- *two*\n"
            "\nSee [Keras](https://keras.io)."
        )
    )
    assert set(page.names) == HARMLESS - {"br", "ol", "blockquote"}
    assert "if a < b: fit()" in page.text
    (link,) = page.attributes("a")
    assert link == {"href": "https://keras.io", "rel": "noopener noreferrer"}


@pytest.mark.parametrize(
    "comment",
    [
        HOSTILE_TEXT,
        "<b onclick=alert(1)>x</b>",
        "<!-- hidden --> <style>p {}</style>",
        "[x](javascript:alert(1)) [y](data:text/html,x) [z](JaVaScRiPt:x) <javascript:alert(1)>",
        "[x]: vbscript:x\n\n[x]",
        "![alt <b>](http://example.org/track.png)",
        '[x](https://example.org/"onclick="alert(1))',
        "```<script>\nx\n```",
    ],
)
def test_hostile_comment_has_no_effect(comment: str) -> None:
    """Raw HTML is text; a link that is no page is its words, and a picture its description."""
    page = Page(render_comment(comment))
    assert set(page.names) <= HARMLESS
    assert page.event_handlers() == []
    for attributes in page.attributes("a"):
        assert str(attributes["href"]).startswith(("http://", "https://", "mailto:"))


def test_report_names_the_function_and_shows_its_comment() -> None:
    """The heading is the function as code, and the comment keeps its markup."""
    review = Review(score=1, max_score=3, comments={"train_model": "See `fit`.\n\nWell **done**."})
    html = render_report(
        make_grade(make_verdict()), title="T", review=review, render_comment=render_comment
    )
    assert "<code>train_model</code></h3>" in html
    assert "<p>See <code>fit</code>.</p>\n<p>Well <strong>done</strong>.</p>" in html
    Page(html)


def test_manual_mark_has_the_title_of_its_check() -> None:
    """The row names the check as the rest of the page does."""
    verdict = make_verdict().model_copy(update={"title": "Training lowers the loss"})
    review = Review(score=2, max_score=3, marks={"loss_goes_down": (2, 3)})
    words = Page(render_report(make_grade(verdict), title="T", review=review)).words
    assert "Training lowers the loss, marked by hand 2 of 3" in words
