"""What students get: their notebooks, a wheel with the checks, and nothing that is secret."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
from courses import NAME, ROOT, copy_course
from packages import contents, files_of
from packaging.specifiers import SpecifierSet

from autograder.authoring.student_package import BUNDLED, make_package, render_readme
from autograder.course import GRADING, Course, fetch_assignment, load_course
from autograder.errors import CourseError
from autograder.exercises import load_exercise
from autograder.submissions import read_notebook

COURSE = load_course(ROOT)
NAMES = list(COURSE.assignments)


def bundled(wheel: Mapping[str, bytes]) -> dict[str, bytes]:
    """The course in the wheel, by path."""
    start = f"{BUNDLED.as_posix()}/"
    return {name[len(start) :]: data for name, data in wheel.items() if name.startswith(start)}


def test_package_holds_a_wheel_and_no_notebook(files: dict[str, bytes]) -> None:
    """So unpacking it over an older package replaces nothing that a student wrote."""
    wheel = next(name for name in files if name.endswith(".whl"))
    assert re.fullmatch(
        r"wheels/autograder_student-[0-9.]+\+sha[0-9a-f]{8}-py3-none-any.whl", wheel
    )
    assert set(files) == {"requirements.txt", "README.md", wheel}


def test_fetched_files_are_the_release_versions(wheel: dict[str, bytes], tmp_path: Path) -> None:
    """Not a byte of a release version differs, so nbgrader knows the cells that come back."""
    theirs = unpacked(wheel, tmp_path)
    for name in NAMES:
        fetch_assignment(theirs, name, tmp_path / "home" / name)
        mine = ROOT / "assignments" / name
        released = {path.name: path.read_bytes() for path in mine.iterdir() if path.is_file()}
        fetched = {path.name: path.read_bytes() for path in (tmp_path / "home" / name).iterdir()}
        assert fetched == released


def unpacked(wheel: Mapping[str, bytes], folder: Path) -> Course:
    """The course in the wheel, in a folder."""
    for place, data in bundled(wheel).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(data)
    return load_course(folder)


def test_wheel_holds_the_part_of_the_course_that_check_reads(
    wheel: dict[str, bytes], tmp_path: Path
) -> None:
    """Seeds, limits, checks in their order and thresholds are the course's; due dates are not."""
    theirs = unpacked(wheel, tmp_path)
    for field in ("title", "limits", "practice_seeds"):
        assert getattr(theirs, field) == getattr(COURSE, field)
    assert list(theirs.assignments) == NAMES
    for name, rubric in theirs.assignments.items():
        assert rubric == COURSE.assignments[name].model_copy(update={"due": None})
        assert list(rubric.checks) == list(COURSE.assignments[name].checks)


def test_wheel_holds_exercise_checks_and_released_files_of_each_assignment(
    wheel: dict[str, bytes], tmp_path: Path
) -> None:
    """Each bundled exercise can be loaded; of `grading`, only modules that students may read."""
    theirs = unpacked(wheel, tmp_path)
    for name in NAMES:
        mine, folder = COURSE.folder(name), theirs.folder(name)
        assert load_exercise(folder).signatures == load_exercise(mine).signatures
        assert folder.released_files() == mine.released_files()
        assert not folder.notebook.exists()
        assert {path.suffix for path in folder.grading.rglob("*") if path.is_file()} <= {
            ".py",
            ".pyc",
        }


def test_same_course_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    """The package depends on no time, no folder and no key."""
    assert make_package(copy_course(tmp_path), NAMES).read_bytes() == package.read_bytes()


def test_package_of_one_assignment_fits_over_the_whole(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    """What is released already stays in it: the same wheel, byte for byte."""
    assert files_of(make_package(copy_course(tmp_path), [NAME])) == files


def test_assignment_that_is_not_released_is_in_no_file(tmp_path: Path) -> None:
    """Neither its notebook nor its checks, data or title leave the course before its release."""
    course = copy_course(tmp_path)
    for name in NAMES[1:]:
        shutil.rmtree(tmp_path / "assignments" / name)
    part = files_of(make_package(course, [NAME]))
    inside = contents(io.BytesIO(next(data for name, data in part.items() if name[-4:] == ".whl")))
    theirs = unpacked(inside, tmp_path / "theirs")
    assert list(theirs.assignments) == [NAME]
    for name in NAMES[1:]:
        title = COURSE.assignment(name).title.encode()
        for place, data in {**part, **inside}.items():
            assert name not in place
            assert title not in data


def test_nothing_secret_is_in_the_package(
    files: dict[str, bytes], wheel: dict[str, bytes], course: Course
) -> None:
    """No solution, held-out data, course key, evidence or corpus, by name or by content."""
    every = {**files, **wheel}
    for name in every:
        assert not re.search(r"held_out|course\.key|calibration|hostile|corpus|(^|/)tests?/", name)
        assert not name.startswith(("solutions", "grades", "submitted"))
    secret = secret_files()
    assert len([path for path in secret if path.stem == "held_out"]) >= 4
    contents = {path.read_bytes() for path in secret} | {course.key_file.read_bytes()}
    assert contents.isdisjoint(every.values())
    texts = {name: data for name, data in every.items() if not name.endswith((".npz", ".whl"))}
    rows = held_out_rows()
    for name, data in texts.items():
        assert course.key_file.read_bytes().strip() not in data, name
        assert rows.isdisjoint(data.splitlines()), name


def secret_files() -> list[Path]:
    """What instructors have in `grading` besides modules."""
    files = (ROOT / "solutions").glob(f"*/{GRADING}/**/*")
    return [path for path in files if path.is_file() and path.suffix not in (".py", ".pyc")]


def held_out_rows() -> set[bytes]:
    """The rows of held-out tables, without their headings."""
    tables = [path for path in secret_files() if path.name == "held_out.csv"]
    rows = {row for path in tables for row in path.read_bytes().splitlines()[1:]}
    assert rows
    return rows


def test_no_line_of_a_solution_is_in_a_notebook(wheel: dict[str, bytes]) -> None:
    """Lines that stand only between nbgrader's solution marks are in no release version."""
    notebooks = bundled(wheel)
    for name in NAMES:
        hidden = hidden_lines(COURSE.source_notebook(name))
        assert hidden, name
        cells = json.loads(notebooks[f"assignments/{name}/{name}.ipynb"])["cells"]
        given = {line for cell in cells for line in stripped(cell["source"])}
        assert given.isdisjoint(hidden), name


def test_no_solution_is_in_the_wheel(wheel: dict[str, bytes]) -> None:
    """Checks and exercises know what is right, and contain no function's answer."""
    modules = {name: stripped(data.decode()) for name, data in wheel.items() if name[-3:] == ".py"}
    for name in NAMES:
        answers = [region for region in regions(COURSE.source_notebook(name)) if len(region) > 1]
        for module, lines in modules.items():
            text = "\n".join(lines)
            assert [answer for answer in answers if "\n".join(answer) in text] == [], module


def regions(source: Path) -> list[list[str]]:
    """The solution regions of a source version, each as lines without their indentation."""
    marks = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
    cells = ["".join(cell["source"]) for cell in read_notebook(source)["cells"]]
    return [stripped(region) for cell in cells for region in marks.findall(cell)]


def hidden_lines(source: Path) -> set[str]:
    """Lines of a source version's solution regions that it has nowhere else."""
    every = [line for cell in read_notebook(source)["cells"] for line in stripped(cell["source"])]
    solved = [line for region in regions(source) for line in region]
    return {line for line in solved if solved.count(line) == every.count(line)}


def stripped(source: str | list[str]) -> list[str]:
    """Lines that are not empty, without their indentation."""
    return [line.strip() for line in "".join(source).splitlines() if line.strip()]


def test_readme_names_the_supported_pythons(files: dict[str, bytes]) -> None:
    """No more and no fewer than the metadata of this package."""
    named = set(re.findall(r"\b3\.\d+\b", files["README.md"].decode()))
    supported = SpecifierSet(metadata.metadata("autograder")["Requires-Python"])
    assert named == {f"3.{minor}" for minor in range(30) if f"3.{minor}" in supported}


def test_readme_names_files_that_exist(files: dict[str, bytes], wheel: dict[str, bytes]) -> None:
    """Each file that the README mentions is in the package, or fetched from the wheel."""
    fetched = {name.removeprefix("assignments/") for name in bundled(wheel)}
    text = files["README.md"].decode()
    mentioned = set(re.findall(r"`([\w./-]+\.\w+)`", text))
    assert mentioned >= {f"{NAME}/{NAME}.ipynb", "requirements.txt"}
    assert mentioned <= {*files, *fetched}
    assert set(re.findall(r"wheels/\S+\.whl", text)) == {n for n in files if n[-4:] == ".whl"}


def test_readme_says_points_and_due_date_of_each_assignment(files: dict[str, bytes]) -> None:
    """A row each, with the time zone of the due date."""
    rows = [line for line in files["README.md"].decode().splitlines() if line.startswith("| ")]
    for row, rubric in zip(rows[1:], COURSE.assignments.values(), strict=True):
        assert rubric.due is not None
        due = f"{rubric.due:%Y-%m-%d %H:%M}"
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[0] == rubric.title
        assert cells[2] == f"{rubric.max_score:g}"
        assert re.fullmatch(rf"{due}[+-]\d\d:\d\d", cells[3])


def test_readme_of_a_course_without_due_dates_has_no_such_column(tmp_path: Path) -> None:
    """Nor does it explain times."""
    course = copy_course(tmp_path)
    rubrics = {n: r.model_copy(update={"due": None}) for n, r in course.assignments.items()}
    text = render_readme(course.model_copy(update={"assignments": rubrics}), NAMES, "a.whl")
    assert f"| {COURSE.assignment(NAME).title} | `{NAME}/{NAME}.ipynb` | 18 |\n" in text.decode()
    assert "due" not in text.decode()
    assert "UTC" not in text.decode()


@pytest.mark.parametrize(
    ("place", "content", "reason"),
    [
        (f"{GRADING}/held_out.csv", "secret", "for the grader only"),
        ("notes.txt", "from the staff room", "no source version"),
        (f"{NAME}.ipynb", '{"cells": ["### BEGIN SOLUTION"]}', "a solution"),
        (f"{NAME}.ipynb", None, "no release version"),
    ],
)
def test_release_version_that_is_not_for_students_is_refused(
    tmp_path: Path, place: str, content: str | None, reason: str
) -> None:
    """The message names the file, and the tip the command that fixes it; no package is made."""
    course = copy_course(tmp_path)
    path = tmp_path / "assignments" / NAME / place
    path.parent.mkdir(exist_ok=True)
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(CourseError, match=reason) as refused:
        make_package(course, [NAME])
    assert str(path) in refused.value.message
    assert f"autograder release {NAME}" in refused.value.tip
    assert not (tmp_path / "release").exists()


def test_release_command_says_what_to_hand_out(tmp_path: Path) -> None:
    """`autograder release` makes the release version and the package, and names both."""
    copy_course(tmp_path)
    shutil.rmtree(tmp_path / "assignments" / NAME)
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "autograder", "release", NAME],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = "release/why-training-changes-weights-students.zip"
    assert f"Made assignments/{NAME}." in done.stdout
    assert f"Made {made}" in done.stdout
    assert (tmp_path / made).is_file()
