"""Make the Gradescope package of one assignment."""

from __future__ import annotations

import io
import json
from importlib import metadata
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from autograder.authoring.gradescope_package.requirements import locked_requirements
from autograder.authoring.student_package import Distribution, build_wheel
from autograder.authoring.zip_file import zip_files
from autograder.course import FILE_NAME, AssignmentFolder, Course, course_key, key_for_package
from autograder.errors import CourseError
from autograder.grading import Dependencies, assignment_files, assignment_modules
from autograder.results import write_atomically

PROGRAMS: Final = ("run_autograder", "setup.sh")
"""What Gradescope looks for at the root of the zip, and runs."""
COURSE: Final = Path("course")
"""The course with this one assignment: a course folder like any other."""
_IMAGE: Final = Path(__file__).with_name("image")
_PACKAGE: Final = Path(__file__).parents[2]
_NOT_SHIPPED: Final = ("__pycache__", "bundled")
_HEAD: Final = b"# One assignment of a course, for Gradescope.\n"
_DISTRIBUTION: Final = Distribution(
    "autograder", "The grader of a course, for Gradescope.", "autograder.cli.app:main"
)


def make_gradescope_package(
    course: Course, assignment: str, out: Path | None = None, *, unsafe: bool = False
) -> Path:
    """Make the zip that an instructor uploads to Gradescope as the assignment's autograder.

    It has a key of its own, derived from the course key: whoever gets hold of the zip can compute
    the grading seeds of this assignment on Gradescope, and no others.

    Args:
        course: The course.
        assignment: The assignment's name; it needs a release version.
        out: Where to write it; default: `release/ASSIGNMENT-gradescope.zip` in the course folder.
        unsafe: For machines without a sandbox: submissions run unconfined, so the zip holds only
            what students have already: no solution, no held-out data and no key.

    Returns:
        The zip; its bytes change only with what is in it.

    Raises:
        CourseError: If the release version is missing, or the course or its lock cannot be used.
    """
    name = course.assignment(assignment).name
    release = course.release_notebook(name)
    if not release.is_file():
        raise CourseError(
            f"{name} has no release version: {release} is missing.",
            f"Make it: autograder release {name}.",
        )
    folder = course.folder(name)
    files = _practice_files(folder, release) if unsafe else _grading_files(course, folder)
    files |= {Path("assignments", name, release.name): release.read_bytes()}
    files |= {Path(FILE_NAME): _course_file(course, name)}
    requirements = metadata.requires("autograder") or ()
    wheel = build_wheel(_PACKAGE, _own_files(), {}, sorted(requirements), _DISTRIBUTION)
    contents = {
        "requirements.txt": locked_requirements(course.root / "requirements.lock"),
        f"wheels/{wheel.name}": wheel.data,
        **{(COURSE / place).as_posix(): data for place, data in files.items()},
        **{program: _program(program, name, unsafe=unsafe) for program in PROGRAMS},
    }
    path = out or course.root / "release" / f"{name}-gradescope.zip"
    write_atomically(path, zip_files(contents, PROGRAMS), private=not unsafe)
    return path


def _grading_files(course: Course, folder: AssignmentFolder) -> dict[Path, bytes]:
    """Everything that decides a mark, and a key."""
    paths = {*folder.grading_paths(), *assignment_files(folder)}
    files = {_place(folder, path): path.read_bytes() for path in paths}
    key = key_for_package(course_key(course.key_file), folder.name)
    return {**files, Path(course.key_file.name): f"{key.hex()}\n".encode()}


def _practice_files(folder: AssignmentFolder, release: Path) -> dict[Path, bytes]:
    """What students have: the stubs in place of the solution, and no data of the grader's."""
    paths = [*folder.released_paths(), *assignment_modules(folder)]
    files = {_place(folder, path): path.read_bytes() for path in paths}
    return {**files, _place(folder, folder.notebook): release.read_bytes()}


def _place(folder: AssignmentFolder, path: Path) -> Path:
    return Path("solutions", folder.name) / path.relative_to(folder.path)


def _course_file(course: Course, assignment: str) -> bytes:
    """The part of `course.yml` that decides this assignment's marks."""
    part = course.model_dump(
        mode="json",
        include={
            "title": True,
            "limits": True,
            "practice_seeds": True,
            "preload": True,
            "assignments": {assignment: {"title", "checks", "thresholds"}},
        },
    )
    text = io.BytesIO()
    YAML().dump(part, text)
    return _HEAD + text.getvalue()


def _own_files() -> Dependencies:
    """All files of this package."""
    paths = (path for path in _PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    files = (path.relative_to(_PACKAGE.parent) for path in paths)
    return Dependencies(tuple(sorted(f for f in files if not {*f.parts} & {*_NOT_SHIPPED})), ())


def _program(name: str, assignment: str, *, unsafe: bool) -> bytes:
    """A script of the image, with the assignment and the option in it."""
    text = (_IMAGE / name).read_text("utf-8")
    words = json.dumps(assignment) + (" --unsafe" if unsafe else "")
    return text.replace("@ARGUMENTS@", words).encode()
