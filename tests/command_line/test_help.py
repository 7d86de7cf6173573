"""`--help`, `--version` and wrong usage, as a newcomer meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from commands import COMMAND, run

from autograder import __version__
from autograder.cli import app as command_line

GROUP = typer.main.get_group(command_line.app)
NAMES = GROUP.list_commands(typer.Context(GROUP))
WIDE = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}


def help_of(*command: str) -> str:
    """What `autograder COMMAND --help` prints on a wide terminal."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *command, "--help"], env=WIDE, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_help_of_the_program_lists_every_command() -> None:
    """The first page names every command and says in a whole sentence what it does."""
    page = " ".join(help_of().split())
    assert len(NAMES) >= 11
    for name in NAMES:
        command = GROUP.get_command(typer.Context(GROUP), name)
        assert command is not None
        assert f"{name} {' '.join((command.help or '').split())}" in page


def test_every_command_stands_in_a_section_of_the_first_page() -> None:
    """No command is below "Commands", where those without a section would be."""
    page = help_of()
    assert "\nCollect and grade:\n" in page
    assert "\nCommands:\n" not in page


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_of_a_command_has_no_noise(name: str) -> None:
    """No option is there twice, once to negate it, and no brackets stand in brackets."""
    page = help_of(*filter(None, [name]))
    options = [word for word in page.split() if word.startswith("--")]
    assert "--help" in options
    assert not [
        option for option in options if option.startswith("--no-") and option != "--no-browser."
    ]
    assert "[[" not in page
    assert "]]" not in page
    assert "...]..." not in page


@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_command_explains_every_option(name: str) -> None:
    """Each argument and option has a sentence of its own."""
    command = GROUP.get_command(typer.Context(GROUP), name)
    assert command is not None
    assert command.help
    for parameter in command.params:
        words = getattr(parameter, "help", None) or ""
        assert words.endswith("."), parameter.name


def test_help_in_any_folder_needs_no_course(tmp_path: Path) -> None:
    """Help is there before there is a course, and writes nothing."""
    done = run(tmp_path, "grade", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_version_is_that_of_the_package(tmp_path: Path) -> None:
    """`autograder --version` prints the version and nothing else."""
    done = run(tmp_path, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"autograder {__version__}\n", "")


def test_shell_that_completes_is_told_the_commands(tmp_path: Path) -> None:
    """Shell completion is on."""
    environment = {**os.environ, "_AUTOGRADER_COMPLETE": "complete_bash"}
    environment |= {"COMP_WORDS": "autograder gr", "COMP_CWORD": "1"}
    program = Path(sys.executable).with_name("autograder")
    done = subprocess.run(  # noqa: S603 - our own command
        [program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["grade"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grdae"], "grdae"),
        (["grade", "--wrokers", "2"], "--wrokers"),
        (["grade", "--workers", "many"], "--workers"),
        (["new"], "NAME"),
        (["selftest", "--seeds", "0"], "--seeds"),
    ],
    ids=["command", "option", "value", "missing", "range"],
)
def test_wrong_usage_exits_2_with_a_message(
    arguments: list[str], words: str, tmp_path: Path
) -> None:
    """A command line that makes no sense is explained, never a traceback."""
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "autograder-error" not in done.stderr
