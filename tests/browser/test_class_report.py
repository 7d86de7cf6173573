"""The class report in a real browser: its tables work, and nothing that students wrote does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from grades import HOSTILE_TEXT
from made_up_class import assignment_of, class_of, entry, failed, graded, missing

from autograder.outputs.class_report import write_class_report
from autograder.outputs.class_report.slugs import slug
from autograder.results import Outcome

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOSTILE = f"&lt;b&gt; & {HOSTILE_TEXT}"
PAGES = {
    "index.html",
    "students.html",
    "assignments/01-first-training.html",
    "checks/01-first-training/loss_goes_down.html",
    f"students/{slug(HOSTILE)}.html",
}
"""A page of each kind."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of 64, with hostile ids, names, messages and hints."""
    grades = [
        graded(HOSTILE, failed(hint=HOSTILE, message=HOSTILE), flags=(HOSTILE,)),
        graded("=cmd()", failed(about=HOSTILE, hint=HOSTILE)),
        graded("timeout", failed(outcome=Outcome.TIMEOUT)),
        graded("error", failed(outcome=Outcome.GRADER_ERROR)),
        *(graded(f"s{number:02}", failed("accuracy_passes")) for number in range(20)),
        *(graded(f"p{number:02}") for number in range(38)),
    ]
    entries = [*map(entry, grades), missing("gone"), missing("x" * 400)]
    data = class_of(assignment_of(*entries), names={HOSTILE: HOSTILE, "gone": "Gone King"})
    root = tmp_path_factory.mktemp("course")
    return write_class_report(root, data).index.parent


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A window that has to stay silent, and asks for files alone."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    events: list[str] = []
    page.on("console", lambda message: events.append(message.text))
    page.on("pageerror", lambda error: events.append(str(error)))
    page.on("dialog", lambda dialog: events.append(dialog.message))
    page.on("request", lambda sent: None if sent.url[:5] == "file:" else events.append(sent.url))
    yield page
    page.close()
    assert events == []


def test_every_kind_of_page_opens_and_is_accessible(window: Page, report: Path) -> None:
    """No script of a student's runs, the policy stops nothing of ours, and axe-core is content."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - for this test alone

    axe = Axe()
    # It would fetch the style sheet itself, which the policy forbids.
    everything = {"preload": False}
    colors = {"preload": False, "runOnly": ["color-contrast"]}
    for name in sorted(PAGES):
        for is_dark, options in ((False, everything), (True, colors)):
            window.emulate_media(color_scheme="dark" if is_dark else "light")
            window.goto((report / name).as_uri())
            assert window.locator("h1").count() == 1
            window.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            results = axe.run(window, options=options)
            assert results.violations_count == 0, (
                f"{name}, dark {is_dark}: {results.generate_report()}"
            )
        window.set_viewport_size({"width": 360, "height": 740})
        assert window.evaluate("document.documentElement.scrollWidth") <= 360, name
        window.set_viewport_size({"width": 1280, "height": 860})


def test_tables_sort_filter_and_print_whole(window: Page, report: Path) -> None:
    """A click on a heading sorts by numbers, the filter finds text as it reads, paper has all."""
    window.goto((report / "students.html").as_uri())
    rows = window.locator("tbody tr")
    assert rows.count() == 50
    score = window.get_by_role("button", name="01-first-training: Activate to")
    score.press("Enter")
    score.press("Enter")
    assert score.locator("xpath=ancestor::th").get_attribute("aria-sort") == "descending"
    assert window.locator("tbody tr").first.locator("td").first.inner_text() == "18"
    window.get_by_label("Filter").fill("Gone King")
    assert rows.count() == 1
    assert "missing" in rows.first.inner_text()
    window.get_by_label("Filter").fill("<script>alert(1)")
    assert rows.count() == 2  # an id, and a hint
    window.get_by_label("Filter").fill("")
    window.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows.count() == 64
    window.evaluate("dispatchEvent(new Event('afterprint'))")
    assert rows.count() == 50


def test_tables_are_whole_without_scripts(browser: Browser, report: Path) -> None:
    """Everybody is in the plain table, and every link is a link."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / "students.html").as_uri())
    assert page.locator("tbody tr").count() == 64
    page.get_by_role("link", name="p07").click()
    assert page.locator("h1").inner_text() == "p07"
    context.close()
