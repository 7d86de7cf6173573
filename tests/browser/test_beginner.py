"""A beginner's way through the first assignment in a real browser, with the commonest mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from courses import NAME
from lab_in_browser import Notebook, Server, open_notebook, places, use_theme
from nbgrader_course import COURSE_ID, notebook_of

from autograder.course import load_course

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
COMPILE = """\
def compile_model(model):
    model.compile(optimizer="adam", loss="{loss}", metrics=["accuracy"])
    return model
"""
TRAIN = """\
def train_model(model, x, y, epochs=5):
    {fit}
"""
READ = """\
def first_layer_weights(model):
    return model.layers[0].{read}
"""
CHANGE = """\
def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
"""


class Lesson:
    """The first assignment, as a beginner works on it.

    Args:
        page: The browser's page.
        lab: A lab where nothing has been fetched.
        shoot: Keeps a picture of the page.
    """

    def __init__(self, page: Page, lab: Server, shoot: Callable[[Page, str], None]) -> None:
        lab.ask("assignments/fetch", course_id=COURSE_ID, assignment_id=NAME)
        self.checks = tuple(load_course(lab.home).assignment(NAME).checks)
        path = notebook_of(lab.home)
        self._page, self._shoot = page, shoot
        self._places = places(path)
        self.notebook: Notebook = open_notebook(page, lab.address, f"{NAME}/{path.name}")

    def answer(self, stub: str, source: str) -> None:
        """Write a function and run its cell."""
        self.notebook.write(self._places[stub], source.rstrip())
        self.notebook.run(self._places[stub])

    def card(self, check: str) -> Locator:
        """What a check has shown below its cell, besides what the student's code printed."""
        return self.notebook.cell(self._places[check]).locator(".jp-OutputArea-output section")

    def check(self, name: str) -> str:
        """Run a check, unfold its hints, and read its card."""
        self.notebook.run(self._places[name])
        card = self.card(name)
        for summary in card.locator("summary").all():
            summary.click()
        return card.inner_text()

    def shoot(self, name: str, cell: str) -> None:
        """Keep pictures of a cell in the light and the dark theme."""
        for theme, title in THEMES.items():
            use_theme(self._page, title)
            self.notebook.cell(self._places[cell]).scroll_into_view_if_needed()
            self._shoot(self._page, f"beginner-{name}-{theme}")
        use_theme(self._page, THEMES["light"])


@pytest.fixture
def lesson(page: Page, lab: Server, shoot: Callable[[Page, str], None]) -> Lesson:
    """The first assignment, fetched and opened."""
    return Lesson(page, lab, shoot)


def test_beginner_with_the_commonest_mistakes_ends_green(lesson: Lesson) -> None:
    """Each wrong answer gets a card that names the fix; after the fixes every check passes."""
    lesson.notebook.run_all()
    assert "not attempted" in lesson.card("compile_sets_optimizer").inner_text()
    lesson.shoot("1-not-attempted", "compile_sets_optimizer")

    for loss, told in {
        "mean_squared_error": "sparse_categorical_crossentropy",
        "categorical_crossentropy": "one-hot",
    }.items():
        lesson.answer("compile_model", COMPILE.format(loss=loss))
        assert "passed" in lesson.check("compile_sets_optimizer")
        card = lesson.check("compile_loss_fits_labels")
        assert "failed" in card
        assert told in card
        lesson.shoot(f"2-{loss.replace('_', '-')}", "compile_loss_fits_labels")
    lesson.answer("compile_model", COMPILE.format(loss="sparse_categorical_crossentropy"))
    assert "passed" in lesson.check("compile_loss_fits_labels")

    lesson.answer("train_model", TRAIN.format(fit="return model.fit(x, y, verbose=0)"))
    assert "passed" in lesson.check("fit_returns_history")
    card = lesson.check("fit_runs_every_epoch")
    assert "failed" in card
    assert "epochs=epochs" in card
    lesson.shoot("3-epochs-forgotten", "fit_runs_every_epoch")

    for end, returned in {"": "nothing", "\n    return model": "Sequential"}.items():
        lesson.answer("train_model", TRAIN.format(fit=f"model.fit(x, y, epochs=epochs){end}"))
        card = lesson.check("fit_returns_history")
        assert "failed" in card
        assert returned in card
        assert "return model.fit" in card
        lesson.shoot(f"4-returns-{returned.lower()}", "fit_returns_history")
    lesson.answer("train_model", TRAIN.format(fit="return model.fit(x, y, epochs=epochs)"))
    assert "passed" in lesson.check("fit_returns_history")
    assert "passed" in lesson.check("fit_runs_every_epoch")

    lesson.answer("first_layer_weights", READ.format(read="kernel"))
    card = lesson.check("first_layer_weights_are_read")
    assert "failed" in card
    assert "get_weights()" in card
    lesson.shoot("5-no-copy", "first_layer_weights_are_read")
    lesson.answer("first_layer_weights", READ.format(read="get_weights()[0]"))
    lesson.answer("weight_change", CHANGE)

    lesson.notebook.run_all()
    for check in lesson.checks:
        assert "passed" in lesson.card(check).inner_text(), check
    assert lesson.notebook.errors == 0
    assert "Traceback" not in lesson.notebook.text
    lesson.shoot("6-passed", "loss_goes_down")


def test_all_cells_of_a_fresh_notebook_run_without_a_traceback(lesson: Lesson) -> None:
    """Checks say what is not attempted, demonstrations what they wait for; nothing looks broken."""
    lesson.notebook.run_all()
    assert "Traceback" not in lesson.notebook.text
    assert lesson.notebook.errors == 0
    assert re.search("Waiting for `?compile_model`?", lesson.notebook.text)
    for check in ("compile_sets_optimizer", "fit_returns_history", "weight_change_is_measured"):
        assert "not attempted" in lesson.card(check).inner_text(), check
    lesson.shoot("0-first-run", "before_training")
