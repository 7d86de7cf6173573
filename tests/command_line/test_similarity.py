"""`autograder similarity`: pairs to look at, with pages; no broken file can stop it."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import hand_in, run_here
from courses import CORPUS, NAME, copy_course

from autograder.cli.console import BAD_USAGE, INCOMPLETE
from autograder.collecting import Enrolled
from autograder.outputs.gradebook import GradebookWriter, fill_students


def test_class_with_broken_files_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed answer is found; what is no notebook or no text is told, by the status too."""
    course = copy_course(tmp_path)
    text = (CORPUS / "right" / "own-loss-and-helpers.ipynb").read_text("utf-8")
    hand_in(tmp_path, "ada", text.encode())
    hand_in(tmp_path, "bob", text.replace("def ", "def  ").encode())
    hand_in(tmp_path, "eve", (CORPUS / "right" / "callbacks.ipynb").read_bytes())
    hand_in(tmp_path, "carl", bytes(range(256)))
    hand_in(tmp_path, "dora", text.encode())
    (tmp_path / "submitted" / "dora" / NAME / "own.py").write_bytes(b"\xff\xfe\x00")
    with GradebookWriter(tmp_path / "gradebook.db", course.assignment(NAME), ()):
        pass
    fill_students(tmp_path / "gradebook.db", [Enrolled("ada", "Ada", "King")])
    monkeypatch.chdir(tmp_path)
    right = str(CORPUS / "right")
    done = run_here(capsys, "similarity", NAME, "--unrelated", right, "--pages", "1", "--names")
    assert done.returncode == INCOMPLETE
    assert "carl was not compared" in done.stderr
    assert "dora was not compared" in done.stderr
    assert "fewer than 1 in" in " ".join(done.stdout.split())
    folder = tmp_path / "similarity" / NAME
    page = (folder / "pair-001.html").read_text("utf-8")
    assert "<h1>ada (Ada King) and bob</h1>" in page
    assert {path.name for path in folder.iterdir()} == {"index.html", "pair-001.html", "pairs.csv"}


def test_folder_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped --unrelated stops the command before anything is written."""
    copy_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = run_here(capsys, "similarity", NAME, "--unrelated", "nowhere")
    assert done.returncode == BAD_USAGE
    assert "nowhere is not a folder" in done.stderr
    assert not (tmp_path / "similarity").exists()
