"""What `check` tells students: the table, hints that unfold, tracebacks; and `autograder check`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CORPUS, NAME, ROOT
from test_feedback import CURVE, Page, passed, verdict

import autograder
from autograder import CourseError
from autograder.course import Course
from autograder.errors import SubmissionError
from autograder.feedback.answers import Answer, render_answers, render_answers_text
from autograder.practice import goals, practise_file
from autograder.results import Outcome

GOAL = "Training lowers the loss."
FAILED = Answer(verdict(), GOAL, "In train_model, line 2:\n    model.fit(<x>)\nTypeError: no")
PASSED = Answer(passed("accuracy_passes", loss_curve=CURVE), "It is good.")


@pytest.fixture(autouse=True)
def _own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """`practise_file` makes `check` inert and stands for `__main__`; not for other tests."""
    monkeypatch.setattr(autograder, "check", autograder.check)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def test_table_is_headed_and_counted() -> None:
    """A caption sums up; each row has a heading, so that a screen reader can name its cells."""
    page = Page(render_answers([FAILED, PASSED], "First training"))
    tags = [tag for tag, _ in page.tags]
    assert "First training: 1 of 2 checks pass, 3 of 6 points" in page.text
    assert tags.count("caption") == 1
    assert [a["scope"] for tag, a in page.tags if tag == "th"] == [*["col"] * 3, *["row"] * 2]
    assert len(page.images()) == 1


def test_hint_unfolds_from_nudge_to_pointer() -> None:
    """What is wanted stands in the outer fold, what to do in the inner one."""
    html = render_answers([FAILED], "First training")
    nudge, pointer = html.index(GOAL), html.index("Call model.fit")
    assert html.index("<details") < nudge < html.rindex("Tell me what to do") < pointer
    assert html[:nudge].count("<details") - html[:nudge].count("</details") == 1
    assert html[:pointer].count("<details") - html[:pointer].count("</details") == 2
    assert "<details open" not in html


def test_traceback_is_escaped_and_folded() -> None:
    """Student text is text."""
    html = render_answers([FAILED], "First training")
    assert "model.fit(&lt;x&gt;)" in html
    assert html.index("Show the traceback") < html.index("model.fit(&lt;x&gt;)")
    assert "Show the traceback" not in render_answers([PASSED], "First training")


def test_text_counts_and_shows_tracebacks_only_when_asked() -> None:
    """A console gets the same words; the traceback by option."""
    assert "line 2" not in render_answers_text([FAILED, PASSED])
    text = render_answers_text([FAILED, PASSED], tracebacks=True)
    assert "    In train_model, line 2:" in text
    assert text.endswith("\n1 of 2 checks pass, 3 of 6 points")


def test_every_check_says_what_it_wants(course: Course) -> None:
    """Each check has a goal of one sentence, which is the first step of its hint."""
    for name, assignment in course.assignments.items():
        wanted = goals(name)
        assert wanted.keys() == assignment.checks.keys()
        assert all(goal.endswith(".") for goal in wanted.values()), name


def test_traceback_holds_own_lines_alone(course: Course) -> None:
    """Neither Keras' nor the grader's frames are shown."""
    path = CORPUS / "wrong" / "wrong-argument-order.ipynb"
    answers = practise_file(course, course.assignment(NAME), path)
    (trace,) = {answer.traceback for answer in answers if answer.traceback}
    assert trace.splitlines() == [
        "In train_model, line 2:",
        "    return model.fit(x, y, epochs=epochs, verbose=0)",
        "AttributeError: 'numpy.ndarray' object has no attribute 'fit'",
    ]


def test_release_version_is_not_attempted(course: Course) -> None:
    """Stubs are told from wrong answers."""
    answers = practise_file(course, course.assignment(NAME), course.release_notebook(NAME))
    assert {answer.verdict.outcome for answer in answers} == {Outcome.NOT_ATTEMPTED}


def test_unreadable_file_is_told(course: Course, tmp_path: Path) -> None:
    """The student is told which file, and what to do."""
    broken = tmp_path / "broken.ipynb"
    broken.write_text('{"cells": [')
    with pytest.raises(SubmissionError, match=r"broken\.ipynb: The file is not a notebook"):
        practise_file(course, course.assignment(NAME), broken)


def test_errors_show_no_traceback_in_a_notebook() -> None:
    """IPython prints what went wrong and what to do, as a terminal does."""
    assert CourseError("No such check.", "It has: a.")._render_traceback_() == [
        "ERROR No such check.",
        "TIP   It has: a.",
    ]


def typed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`autograder check` in a folder."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "autograder", "check", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_command_says_what_the_notebook_says(tmp_path: Path) -> None:
    """Same verdicts as `check(...)`; the exit status tells whether something fails."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copy(CORPUS / "wrong/change-with-sign.ipynb", tmp_path / f"{NAME}.ipynb")
    done = typed(tmp_path, NAME)
    assert (done.returncode, done.stderr) == (1, "")
    assert "✗ weight_change_is_measured  0/2" in done.stdout
    assert done.stdout.endswith("9 of 10 checks pass, 16 of 18 points\n")
    one = typed(tmp_path, NAME, "loss_goes_down")
    assert (one.returncode, one.stdout.splitlines()[0]) == (0, "✓ loss_goes_down  3/3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((NAME,), f"There is no {NAME}.ipynb in"),
        ((NAME, "loss_goes_up"), "has no check 'loss_goes_up'"),
        (("01-first-trainin",), "01-first-training"),
    ],
)
def test_command_mends_what_was_mistyped(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """Exit status 2, a message, a tip and no traceback."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    done = typed(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "TIP" in done.stderr
    assert "Traceback" not in done.stderr
