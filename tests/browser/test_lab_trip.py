"""`autograder lab` in a real browser: from the start page to a submission that is graded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from courses import NAME
from lab_in_browser import SLOW, TOKEN, Notebook, Server, choose, open_assignment_list, places
from nbgrader_course import COURSE_ID, answers, notebook_of, run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]


def test_lab_has_the_students_menus_and_no_instructors(lab: Server, page: Page) -> None:
    """Assignment List is there; formgrader and the other tools of instructors are not."""
    page.goto(f"{lab.address}/?token={TOKEN}")
    page.locator(".jp-RenderedMarkdown h1", has_text="Start here").wait_for(timeout=SLOW)
    page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    items = page.locator(".lm-Menu-itemLabel:visible")
    assert items.all_inner_texts() == ["Assignment List"]
    page.keyboard.press("Escape")
    assert page.locator("[title*='Create Assignment']").count() == 0
    choose(page, "View", "Activate Command Palette")
    page.locator(".lm-CommandPalette-input").fill("assignment")
    page.locator(".lm-CommandPalette-itemLabel", has_text="Assignment List").wait_for()
    for word in ("formgrader", "course list", "create assignment"):
        page.locator(".lm-CommandPalette-input").fill(word)
        page.locator(".lm-CommandPalette-emptyMessage").wait_for()
    for address in ("formgrader", "formgrader/gradebook", "formgraders"):
        assert page.request.get(f"{lab.address}/{address}").status == 404


def test_answers_written_in_the_lab_are_submitted_and_graded(
    lab: Server, page: Page, shoot: Callable[[Page, str], None]
) -> None:
    """Fetch, open, answer, validate, submit; the course collects and grades the submission."""
    page.goto(f"{lab.address}/?token={TOKEN}")
    page.locator(".jp-RenderedMarkdown h1", has_text="Start here").wait_for(timeout=SLOW)
    shoot(page, "lab-start")
    open_assignment_list(page)
    row = page.locator("#released_assignments_list .list_item", has_text=NAME)
    row.locator("button", has_text="Fetch").click()
    fetched = page.locator("#fetched_assignments_list")
    fetched.locator("a.assignment-notebooks-link", has_text=NAME).click()
    shoot(page, "lab-fetched")
    fetched.locator(".nested_list_item a", has_text=NAME).click()

    notebook, place = Notebook(page), places(notebook_of(lab.home))
    for name, source in answers("right/as-in-the-lesson").items():
        notebook.write(place[name], source)
    notebook.save()
    page.locator(".jp-NotebookPanel-toolbar >> text=Validate").click()
    page.locator(".jp-Dialog", has_text="Success").wait_for(timeout=SLOW)
    page.locator(".jp-Dialog button", has_text="OK").click()

    page.locator(".lm-TabBar-tabLabel", has_text="Assignments").click()
    fetched.locator("button", has_text="Submit").click()
    page.locator("#submitted_assignments_list", has_text=NAME).wait_for()
    shoot(page, "lab-submitted")
    status, printed = lab.press_ctrl_c()
    assert status == 0
    assert "Traceback" not in printed

    exchange, course = lab.home / ".exchange", lab.home.parent
    (submission,) = (exchange / COURSE_ID / "inbound").iterdir()
    student = submission.name.split("+")[0]
    run(course, "nbgrader", "collect", NAME, f"--Exchange.root={exchange}")
    run(course, "autograder", "grade", NAME, "--json", "grades.json")
    (grade,) = json.loads((course / "grades.json").read_text())
    assert (grade["student"], grade["score"]) == (student, 18)
