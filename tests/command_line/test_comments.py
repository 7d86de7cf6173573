"""`autograder comments`, and what `autograder feedback` does with copies."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from commands import run_here
from courses import NAME
from marked_class import COMMENTS, MarkedClass

from autograder.cli.comments import comments as group
from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.outputs import History

Capture = pytest.CaptureFixture[str]
TEXT = "`train_model` has to *call* `model.fit`."


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MarkedClass:
    """The current folder: a class of three that is graded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("JUPYTERHUB_USER", "ana")
    return MarkedClass(tmp_path)


@pytest.mark.usefixtures("marked")
def test_suggestions_have_commands_to_copy(capsys: Capture) -> None:
    """Each mistake says who shares it; each command inserts one comment."""
    done = run_here(capsys, "comments", "suggest", NAME)
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    assert done.stdout.splitlines()[:6] == [
        f"{NAME}: 2 mistakes",
        "",
        "2 students: ada, bob",
        "    train_model: How to fix loss_goes_down.",
        "    Failed: loss_goes_down",
        f"    autograder comments add never-fits {NAME}",
    ]
    assert done.stdout.endswith("\n    No comment fits yet.\n")
    one = run_here(capsys, "comments", "suggest", NAME, "ada")
    assert one.stdout.endswith(f"\n    autograder comments add never-fits {NAME} ada\n")
    assert "bob" not in one.stdout


def test_comment_for_one_student_is_inserted_at_once(marked: MarkedClass, capsys: Capture) -> None:
    """The cell is that of the function that the check is about; the list then counts it."""
    done = run_here(capsys, "comments", "add", "never-fits", NAME, "ada")
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    assert done.stdout.splitlines() == [
        f"{NAME}: 1 inserted.",
        f"To rewrite the reports: autograder feedback {NAME}",
    ]
    assert marked.comment("ada") == TEXT
    again = run_here(capsys, "comments", "add", "never-fits", NAME, "ada")
    assert again.stdout.startswith(f"{NAME}: 1 already there.")
    row = next(x for x in run_here(capsys, "comments").stdout.splitlines() if "never-fits" in x)
    assert [cell.strip() for cell in row.split("│")[-3:-1]] == ["1", "ana"]


def test_comment_for_everybody_waits_for_yes(marked: MarkedClass, capsys: Capture) -> None:
    """Whoever shares the mistake is listed first; nothing is written before it is confirmed."""
    shown = run_here(capsys, "comments", "add", "never-fits", NAME)
    assert shown.returncode == SUCCESS
    assert shown.stdout.count("inserted") == 2
    assert shown.stdout.endswith("To do what is shown, add --yes.\n")
    dry = run_here(capsys, "comments", "add", "never-fits", NAME, "--yes", "--dry-run")
    assert dry.stdout.endswith("This was a dry run: nothing was written.\n")
    assert marked.comment("ada") is None
    done = run_here(capsys, "comments", "add", "never-fits", NAME, "--yes", "--by", "ben")
    assert f"{NAME}: 2 inserted." in done.stdout
    assert [marked.comment(student) for student in ("ada", "bob", "cem")] == [TEXT, TEXT, None]
    entries = History(marked.root, NAME).read("bob").entries
    assert entries[-1].by == "autograder comments add never-fits, ben"


def test_feedback_lets_copies_follow_and_shows_them(marked: MarkedClass, capsys: Capture) -> None:
    """A new text is in the report; a copy that was changed by hand is told and stays."""
    run_here(capsys, "comments", "add", "never-fits", NAME, "--yes")
    marked.write_comment("train_model", "See me, Bob.", "bob")
    marked.write_comments(COMMENTS.replace("*call*", "*really* call"))
    done = run_here(capsys, "feedback", NAME)
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    assert done.stdout.splitlines()[:2] == [
        f"{NAME}: updated 1 comment from comments.yml.",
        "bob: never-fits below train_model: changed by hand, left",
    ]
    report = marked.root / "feedback" / "ada" / NAME / f"{NAME}.html"
    assert "<em>really</em> call" in report.read_text("utf-8")
    assert marked.comment("bob") == "See me, Bob."


def test_comment_is_removed_from_every_report(marked: MarkedClass, capsys: Capture) -> None:
    """As it was inserted: shown first, then confirmed."""
    run_here(capsys, "comments", "add", "never-fits", NAME, "--yes")
    shown = run_here(capsys, "comments", "remove", "never-fits", NAME)
    assert shown.stdout.endswith("To do what is shown, add --yes.\n")
    done = run_here(capsys, "comments", "remove", "never-fits", NAME, "--yes")
    assert f"{NAME}: 2 removed." in done.stdout
    assert marked.comment("ada") is None
    gone = run_here(capsys, "comments", "remove", "never-fits", NAME, "--yes")
    assert gone.returncode == BAD_USAGE


def test_cell_may_be_named(marked: MarkedClass, capsys: Capture) -> None:
    """A comment that fits nothing goes where a person says; elsewhere it is refused."""
    refused = run_here(capsys, "comments", "add", "praise", NAME, "cem")
    assert refused.returncode == BAD_USAGE
    assert "praise fits nothing that" in refused.stderr
    assert "--cell NAME, of compile_model, train_model" in refused.stderr
    done = run_here(capsys, "comments", "add", "praise", NAME, "cem", "--cell", "train_model")
    assert (done.returncode, marked.comment("cem")) == (SUCCESS, "Well done.")
    lost = run_here(capsys, "comments", "add", "praise", NAME, "cem", "--cell", "nowhere")
    assert lost.returncode == INCOMPLETE


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "never-fit", NAME), 'no comment "never-fit"; did you mean "never-fits"?'),
        (("add", "never-fits", NAME, "eve"), "'eve' has no Grade"),
        (("add", "praise", NAME, "--cell", "train_model"), "--cell needs students."),
        (("suggest", "02-house-prices", "ada"), "'ada' has no Grade for 02-house-prices"),
    ],
    ids=["key", "student", "cell", "assignment"],
)
def test_mistake_on_the_command_line_is_told(
    arguments: tuple[str, ...], words: str, capsys: Capture
) -> None:
    """What is wrong, and what exists."""
    done = run_here(capsys, "comments", *arguments)
    assert done.returncode == BAD_USAGE
    assert words in done.stderr


def test_course_without_comments_is_told_how_to_write_one(
    marked: MarkedClass, capsys: Capture
) -> None:
    """The list of nothing is no table."""
    (marked.root / "comments.yml").unlink()
    done = run_here(capsys, "comments")
    assert done.returncode == BAD_USAGE
    assert "has no comments yet" in done.stderr
    assert run_here(capsys, "feedback", NAME).returncode == SUCCESS


def test_help_of_each_command_explains_every_option() -> None:
    """The commands below `comments` are as well explained as the others."""
    commands = typer.main.get_group(group).commands
    assert set(commands) == {"suggest", "add", "remove"}
    for command in commands.values():
        assert command.help
        words = [getattr(parameter, "help", None) or "" for parameter in command.params]
        assert all(sentence.endswith(".") for sentence in words)
