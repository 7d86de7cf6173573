"""What `autograder grade` writes: made again if it was deleted, refused if it has no place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from commands import COMMAND, hand_in, read_grades, run
from courses import CORPUS, NAME, copy_course
from nbgrader.api import Gradebook

RIGHT = (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder in which ada has been graded."""
    folder = tmp_path_factory.mktemp("outputs")
    copy_course(folder)
    hand_in(folder, "ada", RIGHT)
    done = run(folder, "grade", NAME, "--json", "first.json")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def ungraded(tmp_path: Path) -> Path:
    """A course folder in which ada has handed in."""
    copy_course(tmp_path)
    hand_in(tmp_path, "ada", RIGHT)
    return tmp_path


@pytest.mark.sandbox
def test_deleted_outputs_are_written_again(graded: Path) -> None:
    """Gradebook, notebook and report come back from the Grade, and nothing is graded again."""
    (graded / "gradebook.db").unlink()
    shutil.rmtree(graded / "autograded")
    shutil.rmtree(graded / "feedback")
    done = run(graded, "grade", NAME, "--json", "again.json")
    assert done.returncode == 0, done.stderr
    assert "[1/1] ada: 18/18, passed (graded before)" in done.stderr
    assert read_grades(graded / "again.json") == read_grades(graded / "first.json")
    assert (graded / "autograded" / "ada" / NAME / f"{NAME}.ipynb").is_file()
    assert (graded / "feedback" / "ada" / NAME / f"{NAME}.html").is_file()
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 18


@pytest.mark.sandbox
def test_damaged_grade_is_told_and_graded_again(graded: Path) -> None:
    """A Grade that was cut short is no mark; the notice names the file."""
    grade = graded / "grades" / NAME / "ada.json"
    grade.write_bytes(grade.read_bytes()[:100])
    done = run(graded, "grade", NAME, "--json", "again.json")
    assert done.returncode == 0, done.stderr
    assert f"NOTE  {grade} is not the Grade of that student" in done.stderr
    assert "graded before" not in done.stderr
    assert read_grades(graded / "again.json") == read_grades(graded / "first.json")


@pytest.mark.parametrize(
    "place",
    ["nowhere/grades.json", "solutions", "course.yml/grades.json"],
    ids=["no folder", "folder", "file as folder"],
)
def test_json_to_an_impossible_place_is_refused_before_grading(place: str, ungraded: Path) -> None:
    """An hour of grading must not end with a file that cannot be written."""
    before = sorted(ungraded.iterdir())
    done = run(ungraded, "grade", NAME, "--json", place)
    assert done.returncode == 2
    assert f"ERROR {place} cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(ungraded.iterdir()) == before


def test_json_that_exists_is_kept_until_it_is_replaced(ungraded: Path) -> None:
    """Asking whether a file can be written does not empty it."""
    (ungraded / "grades.json").write_text("[]")
    done = run(ungraded, "grade", NAME, "--student", "eve", "--json", "grades.json")
    assert done.returncode == 2
    assert (ungraded / "grades.json").read_text() == "[]"


def run_without_a_reader(folder: Path, *arguments: str, both: bool = False) -> tuple[int, str]:
    """Run the command with an output that nobody reads, as `| head -0` does.

    Args:
        folder: A course folder.
        arguments: Of the command.
        both: Whether nobody reads the errors either, as `2>&1 | head -0` does.

    Returns:
        The exit status, and what was printed as errors.
    """
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            cwd=folder,
            stdout=writer,
            stderr=writer if both else subprocess.PIPE,
            text=True,
            check=False,
            timeout=300,
        )
    finally:
        os.close(writer)
    return done.returncode, done.stderr or ""


@pytest.mark.parametrize("arguments", [["--version"], ["schema"]], ids=" ".join)
def test_output_without_a_reader_ends_quietly(arguments: list[str], ungraded: Path) -> None:
    """As any program that `head` leaves alone: status 141 and not a word."""
    assert run_without_a_reader(ungraded, *arguments) == (141, "")


@pytest.mark.sandbox
@pytest.mark.parametrize("both", [False, True], ids=["output", "output and errors"])
def test_table_without_a_reader_loses_no_grade(
    both: bool,  # noqa: FBT001 - a parameter of the test
    graded: Path,
) -> None:
    """The Grades are on disk before anything is printed."""
    status, errors = run_without_a_reader(graded, "grade", NAME, both=both)
    assert status == 141
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors
    assert (graded / "grades" / NAME / "ada.json").is_file()


@pytest.mark.sandbox
def test_output_that_cannot_be_written_costs_only_its_student(ungraded: Path) -> None:
    """The others are recorded, and the next run records what is missing."""
    hand_in(ungraded, "bob", RIGHT)
    in_the_way = ungraded / "feedback" / "ada"
    in_the_way.parent.mkdir()
    in_the_way.write_text("a file in the place of a folder")
    done = run(ungraded, "grade", NAME, "--json", "grades.json")
    assert done.returncode == 3
    assert "ada is graded, and not recorded" in done.stderr
    assert "1 Grade could not be recorded" in done.stderr
    assert set(read_grades(ungraded / "grades.json")) == {"ada", "bob"}
    assert (ungraded / "feedback" / "bob" / NAME / f"{NAME}.html").is_file()
    in_the_way.unlink()
    again = run(ungraded, "grade", NAME)
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("(graded before)") == 2
    assert (in_the_way / NAME / f"{NAME}.html").is_file()
