"""The zip for Gradescope: what is in it, what is not, and that it is the same each time."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from courses import NAME, ROOT, copy_course
from packages import contents

from autograder.authoring.gradescope_package import locked_requirements, make_gradescope_package
from autograder.course import Course, KeyedSeeds, load_course
from autograder.errors import CourseError, SubmissionError
from autograder.submissions import find_uploaded, read_notebook, solution_names, source_of

WITH_DATA = "02-house-prices"
LOCK = """\
keras==3.15.1 ; python_full_version >= '3.11' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via autograder (pyproject.toml)
mypy==2.0 \\
    --hash=sha256:cc
    # via autograder (pyproject.toml:dev)
mypy-extensions==1.1.0 \\
    --hash=sha256:dd
    # via mypy
namex==0.1.0 \\
    --hash=sha256:ee
    # via
    #   keras
    #   mypy
typing-extensions==4.16.0 \\
    --hash=sha256:ff
    # via namex
"""


@pytest.fixture(scope="module")
def own_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the course with a key of the tests'."""
    return copy_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def package(own_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of an assignment that has held-out data."""
    path = tmp_path_factory.mktemp("package") / "autograder.zip"
    return make_gradescope_package(own_course, WITH_DATA, path)


@pytest.fixture(scope="module")
def unsafe_package(own_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, for machines without a sandbox."""
    path = tmp_path_factory.mktemp("unsafe") / "autograder.zip"
    return make_gradescope_package(own_course, WITH_DATA, path, unsafe=True)


def unpacked(package: Path, folder: Path) -> Course:
    """The course of a package."""
    with zipfile.ZipFile(package) as zipped:
        zipped.extractall(folder)
    return load_course(folder / "course")


def test_root_has_the_programs_that_gradescope_runs(package: Path) -> None:
    """setup.sh and run_autograder are at the root, can be run, and name the assignment."""
    with zipfile.ZipFile(package) as zipped:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in zipped.infolist()}
        program = zipped.read("run_autograder").decode()
    assert (modes["setup.sh"], modes["run_autograder"]) == (0o755, 0o755)
    assert program.startswith("#!/usr/bin/env bash\n")
    assert program.endswith(f'autograder.cli.gradescope "{WITH_DATA}"\n')


def test_same_course_gives_the_same_bytes(
    own_course: Course, package: Path, tmp_path: Path
) -> None:
    """The zip changes only with what is in it, in no time and in no other folder."""
    other = tmp_path / "other"
    shutil.copytree(own_course.root, other)
    notebook = load_course(other).source_notebook(WITH_DATA)
    os.utime(notebook, (1, 1))
    again = make_gradescope_package(load_course(other), WITH_DATA)
    assert again == other / "release" / f"{WITH_DATA}-gradescope.zip"
    assert again.read_bytes() == package.read_bytes()
    notebook.write_bytes(notebook.read_bytes() + b"\n")
    changed = make_gradescope_package(load_course(other), WITH_DATA)
    assert changed.read_bytes() != package.read_bytes()


def test_package_that_holds_solutions_is_private(package: Path, unsafe_package: Path) -> None:
    """Only the owner can read a zip with the solution and a key."""
    assert package.stat().st_mode & 0o077 == 0
    assert unsafe_package.stat().st_mode & 0o044


def test_course_in_the_package_is_the_assignment_alone(
    own_course: Course, package: Path, tmp_path: Path
) -> None:
    """It loads as a course with the limits, seeds, checks and thresholds that decide the mark."""
    theirs = unpacked(package, tmp_path)
    assert list(theirs.assignments) == [WITH_DATA]
    for field in ("title", "limits", "practice_seeds", "preload"):
        assert getattr(theirs, field) == getattr(own_course, field)
    mine = own_course.assignment(WITH_DATA).model_copy(update={"due": None})
    assert theirs.assignment(WITH_DATA) == mine
    mine_paths = own_course.folder(WITH_DATA).grading_paths()
    places = {path.relative_to(own_course.root).as_posix() for path in mine_paths}
    below = {n.removeprefix("course/") for n in contents(package) if n.startswith("course/sol")}
    assert below == places
    assert f"solutions/{WITH_DATA}/grading/held_out.csv" in below
    assert not [name for name in contents(package) if NAME in name]


def test_key_in_the_package_is_not_the_course_key(
    own_course: Course, package: Path, tmp_path: Path
) -> None:
    """Whoever has the zip can compute no seeds but those of this assignment on Gradescope."""
    theirs = unpacked(package, tmp_path)
    key, own_key = (c.key_file.read_text().strip() for c in (theirs, own_course))
    assert len(key) == 64
    assert key != own_key
    assert all(own_key.encode() not in data for data in contents(package).values())
    seeds = [KeyedSeeds(bytes.fromhex(k), WITH_DATA).fingerprint("a") for k in (key, own_key)]
    assert seeds[0] != seeds[1]


def test_keys_of_two_packages_differ(own_course: Course, package: Path, tmp_path: Path) -> None:
    """A leaked zip costs one assignment."""
    other = make_gradescope_package(own_course, NAME, tmp_path / "other.zip")
    assert contents(other)["course/course.key"] != contents(package)["course/course.key"]


def test_unsafe_package_holds_nothing_that_students_do_not_have(
    own_course: Course, unsafe_package: Path, tmp_path: Path
) -> None:
    """No solution, no held-out data, no key, no corpus: a submission there could read it."""
    theirs = unpacked(unsafe_package, tmp_path)
    files = contents(unsafe_package)
    names = [name for name in files if name.startswith("course/")]
    assert not [n for n in names if "held_out" in n or "corpus" in n or n.endswith(".key")]
    release = own_course.release_notebook(WITH_DATA).read_bytes()
    assert theirs.source_notebook(WITH_DATA).read_bytes() == release
    source = read_notebook(own_course.source_notebook(WITH_DATA))
    stubs = read_notebook(theirs.source_notebook(WITH_DATA))
    assert solution_names(stubs) == solution_names(source)
    answers = {source_of(cell) for cell in source["cells"]} - {source_of(c) for c in stubs["cells"]}
    assert answers
    for data in (json.dumps(data.decode("utf-8", "replace")) for data in files.values()):
        assert not [answer for answer in answers if json.dumps(answer) in data]
    assert files["run_autograder"].endswith(f'"{WITH_DATA}" --unsafe\n'.encode())


def test_wheel_holds_the_whole_package(package: Path) -> None:
    """What grades there is what grades here, with the scripts of the next package."""
    name = next(n for n in contents(package) if n.endswith(".whl"))
    wheel = contents(io.BytesIO(contents(package)[name]))
    own = [p for p in (ROOT / "autograder").rglob("*") if p.is_file() and p.suffix != ".pyc"]
    theirs = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in own}
    assert {n: data for n, data in wheel.items() if n.startswith("autograder/")} == theirs


def test_requirements_are_the_locked_ones_with_hashes(tmp_path: Path) -> None:
    """What only developers need stays behind; what remains keeps marker and hashes."""
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    text = locked_requirements(lock).decode()
    names = [line.partition("==")[0] for line in text.splitlines() if "==" in line]
    assert names == ["keras", "namex", "typing-extensions"]
    assert "; python_full_version >= '3.11' \\\n    --hash=sha256:aa" in text


def test_own_lock_gives_what_grading_imports(tmp_path: Path) -> None:
    """Of this course's lock, TensorFlow and what it needs are taken, and mypy is not."""
    text = locked_requirements(ROOT / "requirements.lock").decode()
    blocks = [line for line in text.splitlines() if line and line[0] not in " #"]
    names = {line.partition("==")[0] for line in blocks}
    assert {"tensorflow", "ml-dtypes", "h5py", "pytest", "exceptiongroup", "nbgrader"} <= names
    assert not {"mypy", "ruff", "playwright", "hypothesis", "atheris"} & names
    assert text.count("--hash=") >= len(blocks)
    installed = locked_requirements(tmp_path / "requirements.lock").decode()
    assert "tensorflow==" in installed
    assert "--hash" not in installed


def test_assignment_without_a_release_version_is_refused(
    own_course: Course, tmp_path: Path
) -> None:
    """The stubs are needed to see what a student left untouched."""
    other = tmp_path / "other"
    shutil.copytree(own_course.root, other)
    shutil.rmtree(other / "assignments" / NAME)
    with pytest.raises(CourseError, match="has no release version") as error:
        make_gradescope_package(load_course(other), NAME)
    assert error.value.tip == f"Make it: autograder release {NAME}."


def uploaded(folder: Path, *names: str) -> Path:
    """A folder of files as Gradescope has them."""
    for name in names:
        (folder / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "submission" / name).write_bytes(b"{}")
    (folder / "submission").mkdir(exist_ok=True)
    return folder / "submission"


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["anything at all.ipynb"], "anything at all.ipynb"),
        (["solution.ipynb", "helpers.py", "plot.png"], "solution.ipynb"),
        ([f"{NAME}.ipynb", "scratch.ipynb"], f"{NAME}.ipynb"),
        (["answers.py"], "answers.py"),
        (["my work/hw.ipynb", "my work/helpers.py", "__MACOSX/._hw.ipynb"], "my work/hw.ipynb"),
        (["readme.txt", "a/b/hw.ipynb", ".git/x.ipynb"], "a/b/hw.ipynb"),
    ],
)
def test_notebook_of_any_name_is_found(names: list[str], chosen: str, tmp_path: Path) -> None:
    """One notebook counts, or the one that is named after the assignment; folders do not matter."""
    folder = uploaded(tmp_path, *names)
    file = find_uploaded(folder, NAME)
    assert file.path.relative_to(folder).as_posix() == chosen
    assert file.problem is None
    assert bool(file.notices) == ("scratch.ipynb" in names)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "its folder is empty"),
        (["report.pdf"], "there is no notebook, only report.pdf"),
        (["one.ipynb", "two.ipynb"], "one.ipynb and two.ipynb lie side by side"),
        (["a/hw.ipynb", "b/hw.ipynb"], "a/hw.ipynb and b/hw.ipynb lie side by side"),
    ],
)
def test_upload_with_nothing_to_grade_is_explained(
    names: list[str], words: str, tmp_path: Path
) -> None:
    """The reason names what was uploaded, and the tip what to upload."""
    with pytest.raises(SubmissionError, match=words) as error:
        find_uploaded(uploaded(tmp_path, *names), NAME)
    assert error.value.tip.startswith("Upload one notebook")


def test_link_out_of_the_upload_is_not_followed(tmp_path: Path) -> None:
    """A repository can hold a link to the solution; it is nobody's submission."""
    folder = uploaded(tmp_path)
    (folder / "hw.ipynb").symlink_to(ROOT / "solutions" / NAME / f"{NAME}.ipynb")
    problem = find_uploaded(folder, NAME).problem
    assert problem is not None
    assert "a link that leads out" in problem.message
