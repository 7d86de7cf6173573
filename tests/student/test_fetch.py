"""`autograder fetch` hands out notebooks and never replaces work; nor does a later package."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from courses import NAME, ROOT, copy_course

from autograder.authoring.student_package import make_package
from autograder.course import Course, fetch_assignment
from autograder.errors import CourseError

COMMAND = "from autograder.cli.student import main; main()"


def fetch(folder: Path, *arguments: str) -> list[str]:
    """What `autograder fetch` of the student's package prints in a folder."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", COMMAND, "fetch", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_fetch_copies_what_is_missing_and_keeps_the_rest(tmp_path: Path) -> None:
    """A notebook with answers is kept and named; a deleted file comes back."""
    assert fetch(tmp_path, NAME) == [f"Made {NAME}/{NAME}.ipynb.", f"Made {NAME}/fruit.py."]
    assert fetch(tmp_path, NAME) == [f"{NAME} is as released."]
    work, data = tmp_path / NAME / f"{NAME}.ipynb", tmp_path / NAME / "fruit.py"
    work.write_text("my answers")
    data.unlink()
    made, kept = fetch(tmp_path, NAME)
    assert made == f"Made {NAME}/fruit.py."
    assert kept.startswith(f"Kept your {NAME}/{NAME}.ipynb, which differs")
    assert work.read_text() == "my answers"
    assert data.read_bytes() == (ROOT / "assignments" / NAME / "fruit.py").read_bytes()


def test_fetch_into_this_folder_puts_data_beside_the_notebook(tmp_path: Path) -> None:
    """As Colab needs it, where the notebook's folder is the working folder."""
    assert fetch(tmp_path, NAME, "--here") == [f"Made {NAME}.ipynb.", "Made fruit.py."]


def test_assignment_that_is_not_released_cannot_be_fetched(tmp_path: Path) -> None:
    """The tip names the package, since a newer one may have it."""
    course = copy_course(tmp_path)
    shutil.rmtree(tmp_path / "assignments" / NAME)
    with pytest.raises(CourseError, match="has not been released") as refused:
        fetch_assignment(course, NAME, tmp_path / "home")
    assert "newest package" in refused.value.tip


def test_interrupted_fetch_leaves_no_part_of_a_file(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of a notebook would otherwise be kept as if a student had written it."""
    (tmp_path / NAME).mkdir()
    target = tmp_path / NAME / "fruit.py"
    monkeypatch.setattr(type(course.folder(NAME)), "released_files", lambda _: {"fruit.py": None})
    with pytest.raises(TypeError):
        fetch_assignment(course, NAME, tmp_path / NAME)
    assert not target.exists()


def test_later_package_unpacked_over_an_earlier_one_replaces_no_work(tmp_path: Path) -> None:
    """With the tools that people have; the later wheel is the one that is installed."""
    root = tmp_path / "course"
    root.mkdir()
    course = copy_course(root)
    shutil.rmtree(root / "assignments" / "02-house-prices")
    home = tmp_path / "home"
    unpack(make_package(course, [NAME]), home)
    folder = next(home.iterdir())
    fetch_assignment(course, NAME, folder / NAME)
    work = folder / NAME / f"{NAME}.ipynb"
    work.write_text("my answers")

    later = ROOT / "assignments" / "02-house-prices"
    shutil.copytree(later, root / "assignments" / "02-house-prices")
    unpack(make_package(course, ["02-house-prices"]), home)
    assert work.read_text() == "my answers"
    assert fetch_assignment(course, NAME, folder / NAME).written == ()
    assert work.read_text() == "my answers"
    wheels = {path.name for path in (folder / "wheels").iterdir()}
    first_line = (folder / "requirements.txt").read_text().splitlines()[0]
    assert len(wheels) == 2
    assert first_line.removeprefix("./wheels/") in wheels


def unpack(package: Path, folder: Path) -> None:
    """Unpack a zip as every tool does if it is told to replace what exists."""
    with zipfile.ZipFile(package) as zipped:
        zipped.extractall(folder)
