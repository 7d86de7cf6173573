"""Titles and goals of checks: where they are written, and where people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import ROOT
from grades import make_verdict
from html_page import Page

from autograder.course import (
    AssignmentFolder,
    CheckDescription,
    describe_checks,
    load_course,
    with_titles,
)
from autograder.feedback import Answer, render_answers, render_card, render_text
from autograder.results import Verdict

CHECKS = '''
def test_loss_goes_down(run, finding):
    """Training lowers the loss.

    The loss on the training
    data goes down.

    A paragraph for people who read the code.
    """


def test_only_a_title(run, finding):
    """One line."""


def test_nothing(run, finding):
    pass


def not_a_check():
    """Something else."""
'''


def titled(title: str) -> Verdict:
    """A verdict of a check that has a title."""
    return make_verdict().model_copy(update={"title": title})


@pytest.fixture
def folder(tmp_path: Path) -> AssignmentFolder:
    """An assignment's folder with checks."""
    folder = AssignmentFolder(tmp_path)
    folder.grading.mkdir()
    folder.checks.write_text(CHECKS, "utf-8")
    return folder


def test_docstring_has_the_title_and_then_the_goal(folder: AssignmentFolder) -> None:
    """The title has no period, the goal is the second paragraph on one line."""
    assert describe_checks(folder) == {
        "loss_goes_down": CheckDescription(
            "Training lowers the loss", "The loss on the training data goes down."
        ),
        "only_a_title": CheckDescription("One line"),
        "nothing": CheckDescription(),
    }


@pytest.mark.parametrize("text", [None, "def broken(:\n"], ids=["missing", "syntax error"])
def test_unreadable_checks_have_no_descriptions(folder: AssignmentFolder, text: str | None) -> None:
    """Titles never stand in the way: running the checks reports the file."""
    if text is None:
        folder.checks.unlink()
    else:
        folder.checks.write_text(text, "utf-8")
    assert describe_checks(folder) == {}
    verdicts = (make_verdict(),)
    assert with_titles(verdicts, folder) == verdicts


def test_verdict_without_a_title_gets_the_one_in_the_checks(folder: AssignmentFolder) -> None:
    """Verdicts of notebooks that did not run have titles too; an existing title stays."""
    verdicts = (make_verdict(), make_verdict("unknown"), titled("Mine"))
    titles = [verdict.title for verdict in with_titles(verdicts, folder)]
    assert titles == ["Training lowers the loss", "", "Mine"]


def test_every_check_of_the_course_has_a_title_and_a_goal() -> None:
    """Titles are short, start with a capital and have no period; goals are sentences."""
    course = load_course(ROOT)
    for name, assignment in course.assignments.items():
        descriptions = describe_checks(course.folder(name))
        assert descriptions.keys() == assignment.checks.keys()
        titles = [description.title for description in descriptions.values()]
        assert len(set(titles)) == len(titles), name
        for title in titles:
            assert 10 < len(title) <= 50, title
            assert title[0].isupper(), title
            assert not title.endswith((".", "!")), title
        assert all(description.goal.endswith(".") for description in descriptions.values()), name


def test_title_is_what_people_read() -> None:
    """Card, table and console show the title; the console adds the name, which people type."""
    verdict = titled("Training lowers the loss")
    assert "Training lowers the loss · failed" in Page(render_card(verdict)).words
    assert "Training lowers the loss" in Page(render_answers([Answer(verdict, "")], "T")).words
    assert "loss_goes_down" not in render_card(verdict)
    first = render_text(verdict).splitlines()[0]
    assert first == "✗ Training lowers the loss (loss_goes_down)  0/3"


def test_grade_from_before_titles_shows_the_name_as_one() -> None:
    """A Grade that was stored without titles can still be shown."""
    assert "Loss goes down · failed" in Page(render_card(make_verdict())).words
