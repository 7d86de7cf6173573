"""What the documents point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from autograder.cli.app import app

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture exists."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    gone = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    """Every `autograder COMMAND` and `make TARGET` that is named can be typed."""
    text = page.read_text()
    commands = {
        command.callback.__name__ for command in app.registered_commands if command.callback
    }
    assert set(re.findall(r"^ +(?:\S*/)?autograder (\w+)", text, re.MULTILINE)) <= commands
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ +)make (\w+)", text, re.MULTILINE)) <= targets
