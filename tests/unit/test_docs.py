"""What the documents name exists: links, files, tests, commands and options."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from courses import ROOT

from autograder.cli.app import app

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
FOLDERS = (".ci", "assignments", "autograder", "docs", "solutions", "tests", "tools")
"""The folders that git tracks; others are made by commands."""
EXAMPLE = "my-idea"
"""The assignment that the pages let a reader make."""
OPTIONAL = {"extensions.yml"}
"""Files that a course may have, and this one has not."""
PLACEHOLDER = re.compile(r"\b(STUDENT|ASSIGNMENT|NAME|ROW)\b")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^ +|`)(?:\S*/)?autograder (?:--debug )?([a-z]+)([^`\n#]*)", re.MULTILINE)


def in_backticks(page: Path) -> list[str]:
    """What a page sets as code within its sentences."""
    return CODE.findall(FENCED.sub("", page.read_text()))


def options_of(command: str) -> set[str]:
    """The options of a command that can be typed."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # it is a group
    assert command in commands
    below = getattr(commands[command], "commands", {}).values()  # those of a group
    parameters = [param for one in (commands[command], *below) for param in one.params]
    names = [name for param in parameters for name in param.opts]
    return {"--help", *(name for name in names if name.startswith("--"))}


def tracked() -> Iterator[Path]:
    """Files of the repository, without what commands make."""
    yield from (path for path in ROOT.iterdir() if path.is_file())
    yield from itertools.chain.from_iterable((ROOT / folder).rglob("*") for folder in FOLDERS)


@EVERY_PAGE
def test_link_leads_somewhere(page: Path) -> None:
    """Every relative link and picture exists."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    gone = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert gone == []


@EVERY_PAGE
def test_path_in_backticks_exists(page: Path) -> None:
    """A path below a tracked folder exists, if it is no pattern such as STUDENT/ASSIGNMENT."""
    paths = [
        text
        for text in in_backticks(page)
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", text)
        if text.partition("/")[0] in FOLDERS
        if not PLACEHOLDER.search(text) and EXAMPLE not in text
    ]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@EVERY_PAGE
def test_file_name_in_backticks_exists(page: Path) -> None:
    """A source, page or configuration that is named without its folder is somewhere."""
    names = {path.name for path in tracked()} | OPTIONAL
    named = [t for t in in_backticks(page) if re.fullmatch(r"[\w-]+\.(py|md|yml|toml|lock)", t)]
    assert [name for name in named if name not in names] == []


@EVERY_PAGE
def test_test_in_backticks_exists(page: Path) -> None:
    """A test that a page names as its evidence is there."""
    sources = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = [text for text in in_backticks(page) if re.fullmatch(r"test_[a-z_0-9]+", text)]
    assert [name for name in named if f"def {name}(" not in sources] == []


@EVERY_PAGE
def test_command_can_be_typed(page: Path) -> None:
    """Every `autograder COMMAND --option` and `make TARGET` that is named exists."""
    for name, rest in COMMAND.findall(page.read_text()):
        typed = rest.partition(" -- ")[0]
        assert set(re.findall(r"(?<=\s)--[a-z-]+", typed)) <= options_of(name), name
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ +)make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= targets


@pytest.mark.parametrize(
    ("page", "command"), [("README.md", "grade"), ("docs/collect.md", "collect")]
)
def test_table_lists_every_option(page: str, command: str) -> None:
    """The options of a table are those that `--help` lists."""
    listed = re.findall(r"^\| `(--[a-z-]+)", (ROOT / page).read_text(), re.MULTILINE)
    assert {*listed, "--help"} == options_of(command)


@EVERY_PAGE
def test_page_names_no_machine(page: Path) -> None:
    """No placeholder is left over, and no folder of the machine that it was written on."""
    assert re.findall(r"@[A-Z]+@(?!`)|/pytest-of-", page.read_text()) == []
