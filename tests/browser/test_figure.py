"""The interactive figure of 04-weight-steps in JupyterLab, and as a picture without widgets."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from courses import ROOT
from lab_in_browser import jupyterlab, open_notebook

from autograder.submissions import grade_id, read_notebook, source_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

NAME = "04-weight-steps"
DATA = """\
import numpy as np
from sweetness import sweet_fruit
x32, y32 = sweet_fruit(32, seed=3)
x32, y32 = x32 * np.float32([1, 0.4]), y32 - y32.mean()
start = np.float32([[-0.8], [-0.9]])"""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@pytest.fixture
def page(browser: Browser) -> Page:
    """A window as on a laptop, without a network."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(30_000)
    page.route(lambda url: not url.startswith(("http://127.0.0.1", "file:")), _refuse)
    return page


def _refuse(route: Any) -> None:
    route.abort()


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook with the lesson's data and its cell with the figure, beside the modules."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "assignments" / NAME, home)
    cells = read_notebook(home / f"{NAME}.ipynb")["cells"]
    (source,) = [source_of(cell) for cell in cells if grade_id(cell) == "step_figure"]
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(DATA), nbformat.v4.new_code_cell(source)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    path = home / "figure.ipynb"
    nbformat.write(made, path)
    return path


def shoot(request: pytest.FixtureRequest, place: Locator, name: str) -> None:
    """Keep a picture, if somebody asked for pictures."""
    folder = request.config.getoption("--screenshots")
    if folder is not None:
        place.screenshot(path=folder / f"{name}.png")


@pytest.mark.parametrize("theme", THEMES)
def test_figure_in_jupyterlab_is_used_by_keyboard(
    notebook: Path, page: Page, tmp_path: Path, request: pytest.FixtureRequest, theme: str
) -> None:
    """Without a network: predict, drag the learning rate, watch the other weight, start again."""
    settings = tmp_path / "settings"
    themes = settings / "@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    themes.parent.mkdir(parents=True)
    themes.write_text(f'{{"theme": "{THEMES[theme]}"}}')
    with jupyterlab(notebook.parent, settings) as address:
        lab = open_notebook(page, address, notebook.name)
        lab.run_all()
        cell = lab.cell(1)
        figure = cell.locator(".step-figure")
        figure.locator("svg[role=img]").wait_for()
        assert not cell.locator(".step-figure-still").is_visible()

        grow = figure.get_by_role("button", name="It will grow")
        grow.focus()
        page.keyboard.press("Enter")
        status = figure.get_by_role("status")
        status.filter(has_text="Right: the weight of color grew").wait_for()
        assert "The loss fell from 0.9425 to 0.3231" in status.inner_text()
        assert figure.locator("tbody tr").count() == 1

        handle = figure.get_by_role("slider")
        picture = figure.locator("svg[role=img]")
        before = picture.get_attribute("aria-label")
        handle.focus()
        page.keyboard.press("ArrowRight")
        figure.locator(".widget-readout", has_text="0.4").wait_for()
        page.wait_for_function(
            "before => document.querySelector('.step-figure svg[role=img]')"
            ".getAttribute('aria-label') !== before",
            arg=before,
        )

        figure.get_by_role("button", name="weight of softness").click()
        figure.locator("caption", has_text="Steps of the weight of softness").wait_for()
        figure.get_by_role("button", name="It will shrink").click()
        status.filter(has_text="Not this time: the weight of softness grew").wait_for()
        assert figure.locator("tbody tr").count() == 2
        shoot(request, cell, f"step-figure-{theme}")
        text, ground = page.evaluate(
            "() => [getComputedStyle(document.querySelector('.step-figure p')).color,"
            " getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor]"
        )
        assert _is_dark(text) == (theme == "light")
        assert _is_dark(ground) == (theme == "dark")

        figure.get_by_role("button", name="Start again").click()
        status.filter(has_text="Back at the start").wait_for()
        assert figure.locator("table").count() == 0


def test_figure_as_html_page_is_a_picture(
    notebook: Path, page: Page, request: pytest.FixtureRequest
) -> None:
    """Executed by nbconvert and opened without a network, the page shows the picture and steps."""
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", notebook.name]
    subprocess.run(command, cwd=notebook.parent, check=True, capture_output=True)  # noqa: S603
    page.goto(notebook.with_suffix(".html").as_uri(), wait_until="domcontentloaded")
    still = page.locator(".step-figure-still")
    assert still.is_visible()
    assert still.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert still.locator("tbody tr").count() == 5
    shoot(request, still, "step-figure-still")


def _is_dark(color: str) -> bool:
    """Whether a color of CSS, such as "rgb(17, 17, 17)", is nearer to black than to white."""
    channels = [float(part) for part in color.split("(")[1].rstrip(")").split(",")[:3]]
    return sum(channels) / 3 < 128
