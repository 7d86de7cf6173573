"""Files are written whole, and those with marks are readable for those who grade alone."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradebooks import GradebookFolder, graded

from autograder.grading import GradeStore
from autograder.results import (
    delete_partial_files,
    make_private,
    write_atomically,
    write_for_release,
)


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """A process whose files everybody may read, unless something else is asked for."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def share(folder: Path) -> None:
    """Make a folder one that a group shares."""
    folder.chmod(0o2770)


def test_private_file_is_the_owners_alone(tmp_path: Path) -> None:
    """Nobody else can read it, not even while it is written."""
    path = tmp_path / "grades" / "ada.json"
    write_atomically(path, b"18", private=True)
    assert (path.read_bytes(), mode(path)) == (b"18", 0o600)


def test_private_file_in_a_shared_folder_is_the_groups_too(tmp_path: Path) -> None:
    """A folder with the setgid bit is shared by those who grade."""
    share(tmp_path)
    write_atomically(tmp_path / "ada.json", b"18", private=True)
    assert mode(tmp_path / "ada.json") == 0o660


def test_other_file_keeps_the_usual_mode(tmp_path: Path) -> None:
    """What holds no marks is written as every other file."""
    write_atomically(tmp_path / "timestamp.txt", b"now")
    assert mode(tmp_path / "timestamp.txt") == 0o644


def test_file_that_became_readable_is_made_private_again(tmp_path: Path) -> None:
    """Writing it again takes the permissions away."""
    path = tmp_path / "ada.json"
    path.write_bytes(b"17")
    path.chmod(0o666)
    write_atomically(path, b"18", private=True)
    assert mode(path) == 0o600
    path.chmod(0o666)
    make_private(path)
    assert mode(path) == 0o600


def test_write_that_fails_keeps_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves the previous file, and no part of the new one."""
    path = tmp_path / "ada.json"
    write_atomically(path, b"old")

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left") as failed:
        write_atomically(path, b"new")
    assert failed.value.filename == str(path)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("ada.json", b"old")]


def test_parts_of_a_killed_grader_are_deleted(tmp_path: Path) -> None:
    """Those of a running process stay, as does everything with another name."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        check=True,
        capture_output=True,
        text=True,
    )
    ended = tmp_path / "deep" / f".ada.json.{done.stdout.strip()}.partial"
    ended.parent.mkdir()
    kept = [tmp_path / f".ada.json.{os.getpid()}.partial", tmp_path / "ada.json"]
    for path in (ended, *kept):
        path.write_bytes(b"")
    delete_partial_files(tmp_path)
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)


def test_grade_and_log_are_private(tmp_path: Path) -> None:
    """Marks and tracebacks are for those who grade."""
    folder = tmp_path / "01-first-training"
    store = GradeStore(folder)
    store.write(graded())
    store.write_log("ada", "Traceback")
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "ada.json": 0o600,
        "ada.log": 0o600,
    }


@pytest.mark.parametrize(("is_shared", "expected"), [(False, 0o700), (True, 0o2770)])
def test_report_for_release_is_readable_in_a_private_folder(
    is_shared: bool,  # noqa: FBT001 - a parameter of the test
    expected: int,
    tmp_path: Path,
) -> None:
    """Nbgrader copies the file with its mode for the student, whatever the umask here."""
    if is_shared:
        share(tmp_path)
    path = tmp_path / "ada/first/first.html"
    before = os.umask(0o077)
    try:
        write_for_release(path, b"18")
    finally:
        os.umask(before)
    assert (path.read_bytes(), mode(path)) == (b"18", 0o644)
    assert mode(tmp_path / "ada") == expected


@pytest.mark.parametrize(("is_shared", "expected"), [(False, 0o600), (True, 0o660)])
def test_new_gradebook_is_private(
    is_shared: bool,  # noqa: FBT001 - a parameter of the test
    expected: int,
    course_folder: GradebookFolder,
) -> None:
    """The database that is created is for those who grade."""
    if is_shared:
        share(course_folder.root)
    course_folder.record(graded())
    assert mode(course_folder.database) == expected


def test_gradebook_that_exists_keeps_its_mode(course_folder: GradebookFolder) -> None:
    """Whoever made it readable meant it."""
    course_folder.record(graded())
    course_folder.database.chmod(0o664)
    course_folder.record(graded())
    assert mode(course_folder.database) == 0o664
