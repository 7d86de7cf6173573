"""`autograder export gradescope-autograder`, and the program of the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commands import run
from courses import NAME, copy_course
from gradescope_results import read_results


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder."""
    return copy_course(tmp_path_factory.mktemp("course")).root


def test_package_is_written_and_says_what_it_holds(folder: Path, tmp_path: Path) -> None:
    """The command names the file, the points to set, and who must not get it."""
    path = tmp_path / "autograder.zip"
    done = run(folder, "export", "gradescope-autograder", NAME, "--out", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert path.is_file()
    printed = " ".join(done.stdout.split())
    assert f"Wrote {path}" in printed
    assert "show it to no student" in printed
    assert "set 18 autograder points" in printed


def test_package_needs_no_grades_and_a_default_place(folder: Path) -> None:
    """As the issue writes it: one assignment and nothing else; an unsafe one says what it lacks."""
    done = run(folder, "export", "gradescope-autograder", NAME, "--unsafe")
    assert done.returncode == 0
    assert (folder / "release" / f"{NAME}-gradescope.zip").is_file()
    assert "can be forged" in " ".join(done.stdout.split())


@pytest.mark.parametrize("names", [[], [NAME, "02-house-prices"]], ids=["none", "two"])
def test_package_is_of_one_assignment(names: list[str], folder: Path) -> None:
    """Without a name, or with two, the message shows what to type."""
    done = run(folder, "export", "gradescope-autograder", *names)
    assert done.returncode == 2
    assert "grades one assignment" in done.stderr
    assert f"autograder export gradescope-autograder {NAME}" in done.stderr


def test_unsafe_is_for_gradescope_alone(folder: Path) -> None:
    """No other export runs anything, so the option there is a mistake."""
    done = run(folder, "export", "csv", "--unsafe")
    assert done.returncode == 2
    assert "--unsafe" in done.stderr


def grade(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the program of the package."""
    program = [sys.executable, "-m", "autograder.cli.gradescope", NAME, "--home", str(home)]
    return subprocess.run(  # noqa: S603 - our own program
        program, cwd=folder, capture_output=True, text=True, check=False
    )


def test_upload_without_a_notebook_is_answered_with_results(folder: Path, tmp_path: Path) -> None:
    """The student gets a message and can upload again; nothing is started for it."""
    (tmp_path / "submission").mkdir()
    done = grade(folder, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    results = read_results((tmp_path / "results" / "results.json").read_bytes())
    assert results["score"] == 0
    assert "its folder is empty" in results["tests"][0]["output"]


def test_fault_of_the_package_leaves_no_results(tmp_path: Path) -> None:
    """Without a course the program fails, so Gradescope shows that and gives no score."""
    (tmp_path / "submission").mkdir()
    done = grade(tmp_path, tmp_path)
    assert done.returncode == 2
    assert "There is no course.yml" in done.stderr
    assert not (tmp_path / "results").exists()
