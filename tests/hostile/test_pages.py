"""Pages in a real browser: hostile text is text, and nothing in a page runs or is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile_class import EVIL_ID, hostile_file, told
from weakened import Weakened

from autograder.course import Course
from autograder.feedback import render_report
from autograder.results import Grade

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

pytestmark = pytest.mark.browser


def visit(browser: Browser, page_file: Path) -> tuple[str, list[str]]:
    """Open a page; its text, and everything that it did: requests, dialogs, console lines."""
    page = browser.new_page()
    did: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        did.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda message: did.append(f"console: {message.text}"))
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: did.append(f"error: {error}"))
    page.on("request", lambda request: did.append(request.url[:60]))
    page.goto(page_file.as_uri())
    page.wait_for_timeout(300)
    text = page.inner_text("body")
    page.close()
    allowed = (page_file.as_uri()[:60], "data:image/")
    return text, [act for act in did if not act.startswith(allowed)]


@pytest.fixture(scope="module")
def evil_grade(
    weakened: Weakened, course: Course, tmp_path_factory: pytest.TempPathFactory
) -> Grade:
    """The Grade of a student whose id and messages are markup."""
    folder = tmp_path_factory.mktemp("evil")
    path = hostile_file("35-html-in-a-message", folder, told(course.root))
    return weakened.grade(path).model_copy(update={"student": EVIL_ID})


def test_markup_in_id_and_message_is_shown_as_text(
    browser: Browser, evil_grade: Grade, tmp_path: Path
) -> None:
    """Markup in id and message is read as it is spelled; the console stays empty."""
    page_file = tmp_path / "report.html"
    page_file.write_text(render_report(evil_grade, title="Your first training"))
    text, did = visit(browser, page_file)
    assert did == []
    assert EVIL_ID in text
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in text


def test_markup_that_is_not_escaped_is_stopped_by_the_policy(
    browser: Browser, evil_grade: Grade, tmp_path: Path
) -> None:
    """The control: the policy stops a script in the page, which runs without the policy."""
    report = render_report(evil_grade, title="Your first training")
    start = report.index('<meta http-equiv="Content-Security-Policy"')
    policy = report[start : report.index(">", start) + 1]
    careless = report.replace("&lt;", "<").replace("&gt;", ">")
    (tmp_path / "policy.html").write_text(careless)
    _, did = visit(browser, tmp_path / "policy.html")
    assert not [act for act in did if act.startswith("dialog")]
    assert any("Content Security Policy" in act for act in did)
    (tmp_path / "none.html").write_text(careless.replace(policy, ""))
    _, did = visit(browser, tmp_path / "none.html")
    assert "dialog: 1" in did
