"""What the browser tests share: a window, pictures of it, and a course's lab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from courses import copy_course
from lab_in_browser import Server, autograder_lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A window as on a laptop; a lab's pages must ask no other machine for anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.set_default_timeout(60_000)
    hosts: set[str | None] = set()
    page.on("request", lambda sent: hosts.add(urlsplit(sent.url).hostname))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
    yield page
    page.close()
    if "lab" in request.fixturenames:  # formgrader's own pages load MathJax from elsewhere
        assert hosts <= {"127.0.0.1", None}  # None: of files, and of data in the page itself


@pytest.fixture
def shoot(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Page, str], None]:
    """Keep a picture of the page."""
    folder: Path = request.config.getoption("--screenshots") or tmp_path
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return take


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Server]:
    """`autograder lab`, started in a new course folder."""
    course, person = tmp_path / "course", tmp_path / "person"
    course.mkdir()
    person.mkdir()
    copy_course(course)
    with autograder_lab(course, person) as server:
        yield server
