"""A student's report in a real browser: accessible, silent, and printed without a loss."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from grades import LOSS_CURVE, make_grade, make_verdict
from training_summaries import train

from autograder.feedback import Quoted, render_report
from autograder.results import Grade, Outcome, Review, TrainingSummary

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CELL = "def train_model(model):\n    '''Fit.'''\n    return model.fit(x, epochs=3)  # \u202e all\n"
REVIEW = Review(
    score=2,
    max_score=6,
    marks={"loss_goes_down": (2, 3)},
    comments={"train_model": "See the *lesson*."},
    late_penalty=1,
)


def graded(*outcomes: Outcome, training: TrainingSummary | None = None) -> Grade:
    """A Grade of some checks about `train_model`."""
    names = ("loss_goes_down", "accuracy_passes", "weights_move")
    verdicts = [
        make_verdict(name, outcome, evidence={"loss_curve": dict(LOSS_CURVE)})
        for name, outcome in zip(names, outcomes, strict=False)
    ]
    about = [verdict.model_copy(update={"about": "train_model"}) for verdict in verdicts]
    return make_grade(*about).model_copy(update={"training": training})


def pages() -> dict[str, str]:
    """Reports of each kind."""
    passed, failed = Outcome.PASSED, Outcome.FAILED
    summary = train()
    grades = {
        "passed": graded(passed, passed, training=summary),
        "failed": graded(failed, failed, passed, training=train(rate=0)),
        "timeout": graded(Outcome.TIMEOUT, Outcome.TIMEOUT),
        "grader-error": graded(Outcome.GRADER_ERROR, passed),
    }
    quoted = Quoted({"train_model": CELL}, {"loss_goes_down": "The loss goes down."})
    reports = {
        name: render_report(grade, title="First training", quoted=quoted)
        for name, grade in grades.items()
    }
    reports["by-hand"] = render_report(
        graded(failed, failed, training=summary),
        title="First training",
        name="Ada",
        review=REVIEW,
        quoted=quoted,
    )
    return reports


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One window for all pages."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    yield page
    page.close()


def test_reports_have_no_accessibility_violation(window: Page, tmp_path: Path) -> None:
    """axe-core finds nothing on pages of each kind, light and dark, and no page asks or logs.

    The control: it finds text that is too pale.
    """
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - for this test alone

    events: list[str] = []
    window.on("console", lambda message: events.append(message.text))
    window.on("request", lambda sent: events.append(sent.url))
    axe = Axe()
    for name, html in pages().items():
        path = tmp_path / f"{name}.html"
        path.write_text(html, "utf-8")
        for scheme in ("light", "dark"):
            window.emulate_media(color_scheme=scheme)
            window.goto(path.as_uri())
            window.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            results = axe.run(window)
            assert results.violations_count == 0, f"{name}, {scheme}: {results.generate_report()}"
    path.write_text(re.sub("--muted: #\\w+", "--muted: #aaaaaa", html), "utf-8")  # the control
    window.emulate_media(color_scheme="light")
    window.goto(path.as_uri())
    assert "color-contrast" in {each["id"] for each in axe.run(window).response["violations"]}
    assert [event for event in events if not event.startswith(("file:", "data:image/"))] == []


def test_narrow_report_does_not_scroll_sideways(window: Page, tmp_path: Path) -> None:
    """On a telephone wide pictures and tables scroll by themselves, and the page does not."""
    path = tmp_path / "report.html"
    path.write_text(pages()["by-hand"], "utf-8")
    window.set_viewport_size({"width": 360, "height": 740})
    window.goto(path.as_uri())
    width = window.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_printed_report_has_what_was_folded(window: Page, tmp_path: Path) -> None:
    """Paper cannot be unfolded, and it is white also for those who read in the dark."""
    path = tmp_path / "report.html"
    path.write_text(pages()["failed"], "utf-8")
    window.set_viewport_size({"width": 700, "height": 900})
    window.emulate_media(media="print", color_scheme="dark")
    window.goto(path.as_uri())
    assert window.get_by_text("Submission, SHA-256").is_visible()
    color = window.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert color == "rgb(255, 255, 255)"
    window.emulate_media(media="screen")
