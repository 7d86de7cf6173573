"""`comments.yml`: what it may say, how mistakes in it are told, and which comment fits what."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from courses import ROOT
from grades import make_verdict
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from autograder.course import (
    Course,
    ReusableComment,
    comment_command,
    comments_schema,
    fitting_comments,
    load_comments,
    load_course,
    write_comments_schema,
)
from autograder.errors import CourseError
from autograder.results import Outcome, Verdict

FILE = """\
never-fits:
  text: |
    `train_model` has to *call* `model.fit`.
  assignment: 01-first-training
  check: loss_goes_down
compile-first:
  text: Compile the model before you train it.
  cause: compile_model
learning-rate:
  text: Try a learning rate of 0.1.
  phrase: "Learning  RATE"
praise:
  text: Well done.
"""


def course_with(folder: Path, text: str) -> Course:
    """A copy of our course with these comments."""
    (folder / "course.yml").write_bytes((ROOT / "course.yml").read_bytes())
    (folder / "comments.yml").write_text(text, "utf-8")
    return load_course(folder)


def failed(name: str = "loss_goes_down", **fields: Any) -> Verdict:
    """A verdict on a check that failed."""
    return make_verdict(name).model_copy(update=fields)


@pytest.mark.parametrize(
    ("verdict", "keys"),
    [
        (failed(), ["never-fits"]),
        (failed(outcome=Outcome.PASSED), []),
        (failed(outcome=Outcome.GRADER_ERROR), []),
        (failed("accuracy_passes"), []),
        (failed("accuracy_passes", cause="compile_model"), ["compile-first"]),
        (failed(cause="compile_model", follows=True), ["compile-first"]),
        (failed(hint="Raise the\n`learning` rate."), ["never-fits", "learning-rate"]),
        (failed("accuracy_passes", message="A learning rate of 0."), ["learning-rate"]),
    ],
    ids=["check", "passed", "grader", "other", "cause", "follows", "hint", "message"],
)
def test_verdict_gets_the_comments_that_fit(
    verdict: Verdict, keys: list[str], tmp_path: Path
) -> None:
    """All that a comment is for must hold; a check that only follows gets nothing of its own."""
    comments = load_comments(course_with(tmp_path, FILE))
    assert fitting_comments(comments, "01-first-training", verdict) == keys


def test_comment_of_another_assignment_does_not_fit(tmp_path: Path) -> None:
    """The same check of another assignment is another check."""
    comments = load_comments(course_with(tmp_path, FILE))
    assert fitting_comments(comments, "02-house-prices", failed()) == []


@pytest.mark.parametrize("text", ["", "# nothing yet\n"], ids=["empty", "remarks"])
def test_file_without_comments_has_none(text: str, tmp_path: Path) -> None:
    """An empty file is no mistake; nor is a missing one."""
    course = course_with(tmp_path, text)
    assert load_comments(course) == {}
    (tmp_path / "comments.yml").unlink()
    assert load_comments(course) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: {txt: x}", 'line 1: a.txt: unknown key; did you mean "text"?'),
        ("a: {text: 5}", "line 1: a.text: found 5; expected text, in quotes"),
        ("A_b: {text: x}", 'found the name "A_b"; expected lowercase letters, digits and single'),
        ("a: {text: ' '}", "line 1: a.text: found blank text; expected words"),
        ('a: {text: "x\\u202ey"}', "line 1: a.text: found an invisible character"),
        ("a: {check: b}", "a.text: missing; expected text: What the student reads, in Markdown."),
        ("a: {text: x, check: loss_goes_dwn}", 'is not a check there; did you mean "loss_goes_d'),
        ("a:\n  text: x\n  assignment: 01-first", "line 3: a.assignment: found"),
        ("a: {text: x}\na: {text: y}", "a: appears twice, on line 1 and on line 2"),
        ("a: {text: x}\nb: {text: 'x\n\n  y'}", "line 1: a.text: found lines that are all in"),
        ("a: {text: x}\nb: {text: x}", "line 2: b.text: found lines that are all in the text"),
        ("- a", "expected a mapping"),
        (
            "a: {text: x, assignment: 02-house-prices, check: accuracy_passes}",
            'found "accuracy_passes", which is not a check there',
        ),
    ],
)
def test_mistake_is_told_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    """What is wrong in comments.yml is told as what is wrong in course.yml."""
    course = course_with(tmp_path, text)
    with pytest.raises(CourseError) as caught:
        load_comments(course)
    assert words in caught.value.message
    assert "comments.yml" in caught.value.message
    assert caught.value.tip


def test_schema_of_comments_is_current(tmp_path: Path) -> None:
    """The committed comments.schema.json is what the models give, and refuses what they refuse."""
    write_comments_schema(tmp_path / "comments.schema.json")
    written = (tmp_path / "comments.schema.json").read_bytes()
    assert (ROOT / "comments.schema.json").read_bytes() == written
    schema = Draft202012Validator(json.loads(written))
    assert json.loads(written) == comments_schema()
    assert schema.is_valid(YAML(typ="safe").load(FILE))
    assert not schema.is_valid({"a": {"text": "x", "chek": "y"}})
    assert not schema.is_valid({"A": {"text": "x"}})


def test_comments_of_this_course_are_for_what_its_checks_say() -> None:
    """Each of the course's own comments says what it is for, in words that a check has."""
    files = [*ROOT.glob("autograder/checks/*.py"), *ROOT.glob("solutions/*/grading/*.py")]
    said = " ".join(path.read_text("utf-8") for path in files)
    said += " ".join(
        str(row["hint"])
        for path in ROOT.glob("solutions/*/grading/corpus/wrong/expected.yml")
        for row in YAML(typ="safe").load(path).values()
    )
    comments = load_comments(load_course(ROOT))
    assert comments
    for key, comment in comments.items():
        assert comment.is_for_anything, key
        assert (comment.phrase or "").casefold() in said.casefold().replace("`", ""), key


@pytest.mark.parametrize("student", ["ada", "; rm -rf ~", "-x", "$(id)", "a'b"])
def test_command_to_copy_is_one_word_for_each_name(student: str) -> None:
    """Pasted into a shell, an id stays one argument, and never becomes an option."""
    command = shlex.split(comment_command("never-fits", "01-first-training", student))
    assert command[-1] == student
    assert command[:5] == ["autograder", "comments", "add", "never-fits", "01-first-training"]
    assert ("--" in command) == student.startswith("-")


def test_comment_without_a_purpose_is_for_nothing() -> None:
    """A comment that says not what it is for is never suggested."""
    comment = ReusableComment(key="praise", text="Well done.")
    assert not comment.fits("01-first-training", failed())
