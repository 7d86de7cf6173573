"""What students get: their notebooks, the course file, and nothing that is secret."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from conftest import NAME, ROOT, copy_course, files_of
from packaging.specifiers import SpecifierSet
from traitlets.config import Config

from autograder.course import Course, load_course
from autograder.errors import CourseError
from autograder.student_package import make_package
from autograder.student_package.build import PRIVATE
from autograder.submissions import read_notebook

NAMES = list(load_course(ROOT).assignments)


def test_package_holds_notebooks_course_file_and_wheel(files: dict[str, bytes]) -> None:
    """One folder, and in it nothing that is not named here."""
    wheel = next(name for name in files if name.endswith(".whl"))
    assert re.fullmatch(
        r"wheels/autograder_student-[0-9.]+\+sha[0-9a-f]{8}-py3-none-any.whl", wheel
    )
    notebooks = {f"{name}/{name}.ipynb" for name in NAMES}
    assert set(files) == {*notebooks, "course.yml", "requirements.txt", "README.md", wheel}


def test_notebooks_are_the_release_versions(files: dict[str, bytes]) -> None:
    """Not a byte differs, so nbgrader knows the cells that come back."""
    for name in NAMES:
        notebook = f"{name}/{name}.ipynb"
        assert files[notebook] == (ROOT / "assignments" / notebook).read_bytes()


def test_course_file_is_what_check_reads_and_no_more(
    files: dict[str, bytes], course: Course, tmp_path: Path
) -> None:
    """Seeds, limits, checks in their order and thresholds are the course's."""
    (tmp_path / "course.yml").write_bytes(files["course.yml"])
    theirs = load_course(tmp_path)
    assert (theirs.title, theirs.limits, theirs.practice_seeds) == (
        course.title,
        course.limits,
        course.practice_seeds,
    )
    assert list(theirs.assignments) == NAMES
    for name, rubric in theirs.assignments.items():
        assert rubric == course.assignments[name].model_copy(update={"due": None})
        assert list(rubric.checks) == list(course.assignments[name].checks)


def test_same_course_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    """No time, no folder and no key of the making is in it."""
    assert make_package(copy_course(tmp_path), NAMES).read_bytes() == package.read_bytes()


def test_package_of_some_assignments_fits_over_the_whole(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    """It holds their notebooks alone; course file and wheel are the same, byte for byte."""
    part = files_of(make_package(copy_course(tmp_path), [NAME]))
    notebook = f"{NAME}/{NAME}.ipynb"
    assert [name for name in part if name.endswith(".ipynb")] == [notebook]
    for name in part.keys() - {"README.md"}:
        assert part[name] == files[name]


def test_nothing_secret_is_in_the_package(
    files: dict[str, bytes], wheel: dict[str, bytes], course: Course
) -> None:
    """No solution, private data, course key, calibration or test, by name or by content."""
    every = {**files, **wheel}
    for name in every:
        assert not re.search(r"held_out|course\.key|calibration|hostile|corpus|(^|/)tests?/", name)
        assert not name.startswith(("solutions", "grades", "submitted"))
    private = [path for path in (ROOT / "solutions").rglob("*") if path.name.startswith(PRIVATE)]
    assert len(private) >= 5
    secret = {path.read_bytes() for path in private} | {course.key_file.read_bytes()}
    assert secret.isdisjoint(every.values())
    texts = {name: data for name, data in every.items() if not name.endswith((".npz", ".whl"))}
    for name, data in texts.items():
        assert course.key_file.read_bytes().strip() not in data, name
        assert private_rows().isdisjoint(data.splitlines()), name


def private_rows() -> set[bytes]:
    """The rows of private tables, without their headings."""
    tables = [path.read_bytes() for path in (ROOT / "solutions").glob("*/held_out.csv")]
    rows = {row for table in tables for row in table.splitlines()[1:]}
    assert rows
    return rows


def test_no_line_of_a_solution_is_in_a_notebook(files: dict[str, bytes]) -> None:
    """What a source version says between nbgrader's marks alone is in no release version."""
    for name in NAMES:
        hidden = hidden_lines(ROOT / "solutions" / name / f"{name}.ipynb")
        assert hidden, name
        cells = json.loads(files[f"{name}/{name}.ipynb"])["cells"]
        given = {line for cell in cells for line in stripped(cell["source"])}
        assert given.isdisjoint(hidden), name


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


def test_no_solution_is_in_the_wheel(wheel: dict[str, bytes]) -> None:
    """Checks and exercises know what is right, and show no function's answer."""
    modules = {name: stripped(data.decode()) for name, data in wheel.items() if name[-3:] == ".py"}
    for name in NAMES:
        answers = [r for r in regions(ROOT / "solutions" / name / f"{name}.ipynb") if len(r) > 1]
        for module, lines in modules.items():
            text = "\n".join(lines)
            assert [answer for answer in answers if "\n".join(answer) in text] == [], module


def test_readme_names_the_pythons_that_are_supported(files: dict[str, bytes]) -> None:
    """No more and no fewer than our own metadata."""
    named = set(re.findall(r"\b3\.\d+\b", files["README.md"].decode()))
    supported = SpecifierSet(metadata.metadata("autograder")["Requires-Python"])
    assert named == {f"3.{minor}" for minor in range(30) if f"3.{minor}" in supported}


def test_private_files_are_those_that_nbgrader_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The package refuses what nbgrader_config.py ignores for its privacy."""
    config = Config()
    monkeypatch.setattr("os.environ", {})  # the settings write there
    text = (ROOT / "nbgrader_config.py").read_text()
    exec(text, {"get_config": lambda: config})  # noqa: S102 - our own settings
    ignored = set(config.CourseDirectory.ignore)
    rubbish = {".ipynb_checkpoints", "__pycache__", "*.pyc"}
    assert {pattern.partition("*")[0] for pattern in ignored - rubbish} == {
        f"{start}." if start == "held_out" else start for start in PRIVATE
    }


@pytest.mark.parametrize(
    ("place", "content", "reason"),
    [
        ("held_out.csv", "secret", "private"),
        ("notes.txt", "from the staff room", "no source version"),
        (f"{NAME}.ipynb", '{"cells": ["### BEGIN SOLUTION"]}', "a solution"),
        (f"{NAME}.ipynb", None, "no release version"),
    ],
)
def test_release_version_that_is_not_for_students_is_refused(
    tmp_path: Path, place: str, content: str | None, reason: str
) -> None:
    """Whoever put it there: the message names the file and the command that mends it."""
    course = copy_course(tmp_path)
    path = tmp_path / "assignments" / NAME / place
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(CourseError, match=reason) as refused:
        make_package(course, [NAME])
    assert str(path) in refused.value.message
    assert f"autograder release {NAME}" in refused.value.tip
    assert not (tmp_path / "release").exists()


def test_command_says_what_to_hand_out(tmp_path: Path) -> None:
    """`autograder release` makes the release version and the package, and names both."""
    copy_course(tmp_path)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
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
