"""Fixtures of the unit tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from collect_folder import CollectFolder
from gradebooks import GradebookFolder


@pytest.fixture
def course_folder(tmp_path: Path) -> GradebookFolder:
    """A course folder without a gradebook."""
    return GradebookFolder(tmp_path)


@pytest.fixture
def collecting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[CollectFolder]:
    """A course folder without submissions, on a wide terminal in Berlin."""
    folder = CollectFolder.make(tmp_path / "course", capsys)
    monkeypatch.chdir(folder.root)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield folder
    monkeypatch.undo()
    time.tzset()
