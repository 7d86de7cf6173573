"""What `check` tells students: the table, hints that unfold, tracebacks; and `autograder check`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import CORPUS, NAME, ROOT
from grades import LOSS_CURVE, make_verdict
from html_page import Page

import autograder
from autograder import CourseError, SubmissionError
from autograder.course import Course
from autograder.feedback import Answer, render_answers, render_answers_text
from autograder.results import Outcome
from autograder.student import self_check_file

GOAL = "Training lowers the loss."
FAILED = Answer(make_verdict(), GOAL, "In train_model, line 2:\n    model.fit(<x>)\nTypeError: no")
PASSED = Answer(
    make_verdict("accuracy_passes", Outcome.PASSED, evidence={"loss_curve": dict(LOSS_CURVE)}),
    "It is good.",
)


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what `self_check_file` does to the process, which a command ends after it."""
    monkeypatch.setattr(autograder, "check", autograder.check)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    yield
    sys.modules.pop("fruit", None)


def test_table_has_a_caption_that_counts_and_headed_rows() -> None:
    """A screen reader can name the cells, and the loss curve of the passed check is drawn."""
    page = Page(render_answers([FAILED, PASSED], "First training"))
    assert "First training: 1 of 2 checks pass, 3 of 6 points" in page.text
    assert page.names.count("caption") == 1
    assert [a["scope"] for a in page.attributes("th")] == [*["col"] * 4, *["row"] * 2]
    (image,) = page.images()
    assert str(image["alt"]).startswith("Loss from 0.71 before training to 0.08 after 2 epochs")


def test_hint_unfolds_from_the_goal_to_the_next_step() -> None:
    """The goal is in the outer fold, what to do in the inner one, and both are closed."""
    html = render_answers([FAILED], "First training")
    goal, step = html.index(GOAL), html.index("Call model.fit")
    assert html.index("<details") < goal < html.rindex("Tell me what to do") < step
    assert html[:goal].count("<details") - html[:goal].count("</details") == 1
    assert html[:step].count("<details") - html[:step].count("</details") == 2
    assert "<details open" not in html


def test_traceback_is_escaped_and_folded() -> None:
    """The student's text is text; a check without a traceback offers none."""
    html = render_answers([FAILED], "First training")
    assert "model.fit(&lt;x&gt;)" in html
    assert html.index("Show the traceback") < html.index("model.fit(&lt;x&gt;)")
    assert "Show the traceback" not in render_answers([PASSED], "First training")


def test_text_shows_tracebacks_when_asked() -> None:
    """A console gets the same words and a count; the traceback by option."""
    assert "line 2" not in render_answers_text([FAILED, PASSED])
    text = render_answers_text([FAILED, PASSED], tracebacks=True)
    assert "    In train_model, line 2:" in text
    assert text.endswith("\n1 of 2 checks pass, 3 of 6 points")


def test_traceback_has_only_the_students_own_lines(course: Course) -> None:
    """Neither Keras' nor the grader's frames are shown."""
    path = CORPUS / "wrong" / "wrong-argument-order.ipynb"
    answers = self_check_file(course, course.assignment(NAME), path)
    (trace,) = {answer.traceback for answer in answers if answer.traceback}
    assert trace.splitlines() == [
        "In train_model, line 2:",
        "    return model.fit(x, y, epochs=epochs, verbose=0)",
        "AttributeError: 'numpy.ndarray' object has no attribute 'fit'",
    ]


def test_release_version_is_not_attempted(course: Course) -> None:
    """Stubs are told apart from wrong answers."""
    answers = self_check_file(course, course.assignment(NAME), course.release_notebook(NAME))
    assert {answer.verdict.outcome for answer in answers} == {Outcome.NOT_ATTEMPTED}


def test_unreadable_file_is_named(course: Course, tmp_path: Path) -> None:
    """The student reads which file it is, and what to do."""
    broken = tmp_path / "broken.ipynb"
    broken.write_text('{"cells": [')
    with pytest.raises(
        SubmissionError, match=r"broken\.ipynb: The file is not a notebook"
    ) as caught:
        self_check_file(course, course.assignment(NAME), broken)
    assert caught.value.tip == "Save the notebook in JupyterLab and try again."


def test_error_in_a_notebook_has_no_traceback() -> None:
    """IPython prints what went wrong and what to do, as a terminal does."""
    assert CourseError("No such check.", "It has: a.")._render_traceback_() == [
        "ERROR No such check.",
        "TIP   It has: a.",
    ]


def check_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder check` in a folder."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "autograder", "check", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_command_gives_the_verdicts_of_the_notebook(tmp_path: Path) -> None:
    """The words are those of `check(...)`; the exit status is 1 if a check fails."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copy(CORPUS / "wrong/change-with-sign.ipynb", tmp_path / f"{NAME}.ipynb")
    done = check_in(tmp_path, NAME)
    assert (done.returncode, done.stderr) == (1, "")
    assert "✗ The weight changes are measured (weight_change_is_measured)  0/2" in done.stdout
    assert done.stdout.endswith("9 of 10 checks pass, 16 of 18 points\n")
    one = check_in(tmp_path, NAME, "loss_goes_down")
    assert (one.returncode, one.stdout.splitlines()[0]) == (
        0,
        "✓ Training lowers the loss (loss_goes_down)  3/3",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((NAME,), f"There is no {NAME}.ipynb in"),
        ((NAME, "loss_goes_up"), "has no check 'loss_goes_up'"),
        (("01-first-trainin",), 'did you mean "01-first-training"?'),
    ],
    ids=["no file", "check", "assignment"],
)
def test_mistyped_command_ends_with_a_message_and_a_tip(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    """The exit status is 2, and there is no traceback."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    done = check_in(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "TIP" in done.stderr
    assert "Traceback" not in done.stderr
