"""A course in a real browser: a student's JupyterLab, then an instructor's formgrader."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from courses import NAME
from lab_in_browser import SLOW, TOKEN, jupyterlab, open_assignment_list, open_notebook, places
from nbgrader_course import Exchange, answers, notebook_of, run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

COMMENT = "A clear answer. Well done."
Shoot = Callable[["Page", str], None]


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    """A course that has released its first assignment."""
    made = Exchange(tmp_path)
    run(made.course, "nbgrader", "generate_assignment", NAME)
    run(made.course, "nbgrader", "release_assignment", NAME)
    return made


def test_course_run_in_a_browser_reaches_every_step(
    exchange: Exchange, page: Page, shoot: Shoot, tmp_path: Path
) -> None:
    """Fetch, run, answer, run, validate, submit; collect, grade, mark, comment, hand out."""
    student = exchange.student("ada")
    with jupyterlab(student, tmp_path / "student-settings") as address:
        _fetch(page, address, shoot)
        _answer(page, address, student, shoot)
        _submit(page, address, shoot)
    (student_id,) = {found.name.split("+")[0] for found in exchange.inbound()}
    run(exchange.course, "nbgrader", "collect", NAME)
    run(exchange.course, "autograder", "grade", NAME)
    with jupyterlab(exchange.course, tmp_path / "course-settings") as address:
        _review(page, address, shoot)
    run(exchange.course, "autograder", "feedback", NAME)
    report = exchange.course / "feedback" / student_id / NAME / f"{NAME}.html"
    page.goto(report.as_uri())
    assert COMMENT in page.inner_text("main")
    assert page.inner_text(".score").split()[:3] == ["17", "of", "18"]
    shoot(page, "feedback")


def _fetch(page: Page, address: str, shoot: Shoot) -> None:
    """Open Assignment List and fetch."""
    page.goto(f"{address}/lab?token={TOKEN}&reset")
    open_assignment_list(page)
    row = page.locator("#released_assignments_list .list_item", has_text=NAME)
    shoot(page, "assignment-list")
    row.locator("button", has_text="Fetch").click()
    page.locator("#fetched_assignments_list", has_text=NAME).wait_for()


def _answer(page: Page, address: str, student: Path, shoot: Shoot) -> None:
    """Run the notebook as released, fill it in, run it again, validate it."""
    path = notebook_of(student)
    place = places(path)
    notebook = open_notebook(page, address, str(path.relative_to(student)))
    notebook.run_all()
    check = notebook.cell(place["loss_goes_down"])
    assert "not attempted" in check.inner_text()
    check.scroll_into_view_if_needed()
    shoot(page, "not-attempted")

    written = answers("right/as-in-the-lesson")
    notebook.write(place["compile_model"], written["compile_model"])
    notebook.write(place["train_model"], written["train_model"].replace("epochs=epochs", "epoch=1"))
    notebook.run_all()
    assert "train_model raised" in check.inner_text()
    assert "Traceback" not in check.inner_text()
    check.locator("summary", has_text="Give me a hint").click()
    check.locator("summary", has_text="Tell me what to do").click()
    check.locator("summary", has_text="Show the traceback").click()
    assert "In train_model, line" in check.inner_text()
    check.scroll_into_view_if_needed()
    shoot(page, "hints")

    for name, source in written.items():
        notebook.write(place[name], source)
    notebook.run_all()
    assert "passed" in check.inner_text()
    assert check.locator("img[alt^='Loss from']").count() == 1
    check.scroll_into_view_if_needed()
    shoot(page, "passed")
    notebook.save()
    page.locator(".jp-NotebookPanel-toolbar >> text=Validate").click()
    page.locator(".jp-Dialog", has_text="Success").wait_for(timeout=SLOW)
    shoot(page, "validate")
    page.locator(".jp-Dialog button", has_text="OK").click()


def _submit(page: Page, address: str, shoot: Shoot) -> None:
    """Hand in by Assignment List."""
    page.goto(f"{address}/lab?token={TOKEN}&reset")
    open_assignment_list(page)
    row = page.locator("#fetched_assignments_list .list_item", has_text=NAME).first
    row.locator("button", has_text="Submit").click()
    page.locator("#submitted_assignments_list", has_text=NAME).wait_for()
    shoot(page, "submitted")


def _review(page: Page, address: str, shoot: Shoot) -> None:
    """In formgrader: see the marks that our batch wrote, change one, write a comment."""
    page.goto(f"{address}/lab?token={TOKEN}&reset")  # from now on a cookie knows us
    page.goto(f"{address}/formgrader/gradebook/{NAME}/{NAME}")
    row = page.locator("table tbody tr", has_text="18 / 18")
    row.wait_for()
    shoot(page, "formgrader-submissions")
    row.locator("a").first.click()
    mark = page.locator("input#loss_goes_down[placeholder='3']")  # the mark that our batch wrote
    mark.wait_for()
    assert "The loss went down from" in page.inner_text("body")
    with _saved(page):
        mark.fill("2")
        mark.blur()
    with _saved(page):
        comment = page.locator("textarea.comment").last
        comment.fill(COMMENT)
        comment.blur()
    mark.scroll_into_view_if_needed()
    shoot(page, "formgrader")


def _saved(page: Page) -> AbstractContextManager[object]:
    """Formgrader puts a field's value when it is left."""
    return page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok)
