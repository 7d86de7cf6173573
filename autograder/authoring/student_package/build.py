"""Make the student's package: one zip to hand out."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from ruamel.yaml import YAML

from autograder.authoring.student_package.readme import render_readme
from autograder.authoring.student_package.requirements import distributions, pins, ranges
from autograder.authoring.student_package.wheel import Wheel, build_wheel
from autograder.authoring.zip_file import zip_files
from autograder.course import FILE_NAME, GRADING, AssignmentFolder, Course
from autograder.errors import CourseError
from autograder.grading import assignment_modules, find_dependencies, imported_modules
from autograder.results import write_atomically
from autograder.submissions import read_notebook

ROOTS = ("autograder.student.notebook", "autograder.cli.student")
"""What students call; the imports of each assignment's exercise and checks are added."""
BY_NAME = ("tensorflow",)
"""Libraries that no statement imports: Keras imports its backend by the name in a setting."""
TOOLS = ("jupyterlab",)
"""Programs that students work with."""
BUNDLED = Path("autograder", "course", "bundled")
"""Where the wheel keeps the course; `course.student_course` reads it."""
_SOLUTION = b"### BEGIN SOLUTION"
_COURSE_HEAD = b"# What check(...) reads. Grading uses other seeds.\n"
_PACKAGE = Path(__file__).parents[2]


def make_package(course: Course, assignments: Sequence[str]) -> Path:
    """Make the student's package from existing release versions.

    The wheel holds the notebooks, data and checks of every assignment that has a release version,
    so a later package can be installed over an earlier one. The zip holds no notebook: students get
    them by `autograder fetch`, so unpacking a later package replaces nothing that they wrote.

    Args:
        course: The course.
        assignments: Names of the assignments to hand out, at least one; each needs a release
            version.

    Returns:
        `release/COURSE-students.zip`; its bytes change only with what is in it.

    Raises:
        CourseError: If a release version is missing or holds what students must not get, or the
            wheel cannot be built.
    """
    released = [
        name
        for name in course.assignments
        if name in assignments or course.release_notebook(name).is_file()
    ]
    for name in released:
        _require_release_version(course, name)
    folders = [course.folder(name) for name in released]
    imports = [name for folder in folders for name in _imports_of(course, folder)]
    wheel, wheel_needs = _make_wheel(course, folders, imports)
    versions = pins(sorted({*wheel_needs, *TOOLS}), course.root / "requirements.lock")
    requirements = [f"./wheels/{wheel.name}", *versions]
    files = {
        f"wheels/{wheel.name}": wheel.data,
        "requirements.txt": "".join(f"{line}\n" for line in requirements).encode(),
        "README.md": render_readme(course, released, wheel.name),
    }
    name = _slug(course.title)
    path = course.root / "release" / f"{name}-students.zip"
    write_atomically(path, zip_files({f"{name}/{place}": data for place, data in files.items()}))
    return path


def _make_wheel(
    course: Course, folders: Sequence[AssignmentFolder], imports: Sequence[str]
) -> tuple[Wheel, list[str]]:
    """The wheel, and the distributions that it needs."""
    ours = [name for name in imports if name.partition(".")[0] == _PACKAGE.name]
    needs = find_dependencies(_PACKAGE, [*ROOTS, *ours])
    lessons = {name.partition(".")[0] for name in imports} - {
        *sys.stdlib_module_names,
        "autograder",
    }
    wheel_needs = distributions(sorted({*needs.libraries, *BY_NAME, *lessons}))
    names = [folder.name for folder in folders]
    bundled = {FILE_NAME: _course_file(course, names), **_bundled_files(course, folders)}
    data = {(BUNDLED / place).as_posix(): content for place, content in bundled.items()}
    return build_wheel(_PACKAGE, needs, data, ranges(wheel_needs)), wheel_needs


def _require_release_version(course: Course, assignment: str) -> None:
    """Refuse an assignment without a release version, or with files that are not for students."""
    notebook = course.release_notebook(assignment)
    if not notebook.is_file():
        raise CourseError(
            f"{assignment} has no release version: {notebook} is missing.",
            f"Make it: autograder release {assignment}.",
        )
    for path in sorted(notebook.parent.rglob("*")):
        place = path.relative_to(notebook.parent)
        if path.is_file() and not any(part.startswith((".", "__")) for part in place.parts):
            _require_released(path, course.folder(assignment), place)


def _require_released(path: Path, folder: AssignmentFolder, place: Path) -> None:
    """Refuse a file that nbgrader would not have released."""
    source = folder.path / place
    if GRADING in place.parts:
        problem = "is for the grader only"
    elif not source.is_file():
        problem = f"has no source version, {source}"
    elif _SOLUTION in path.read_bytes():
        problem = "contains a solution"
    else:
        return
    raise CourseError(
        f"{path} is not for students: it {problem}.",
        f"Delete it, and make the release version again: autograder release {folder.name}.",
    )


def _bundled_files(course: Course, folders: Iterable[AssignmentFolder]) -> dict[str, bytes]:
    """What `check` needs of each assignment: what was released, exercise and checks."""
    files = {}
    for folder in folders:
        place = Path("solutions", folder.name)
        for name, data in folder.released_files().items():
            files[(place / name).as_posix()] = data
        for path in assignment_modules(folder):
            files[(place / path.relative_to(folder.path)).as_posix()] = path.read_bytes()
        release = course.release_notebook(folder.name)
        files[release.relative_to(course.root).as_posix()] = release.read_bytes()
    return files


def _imports_of(course: Course, folder: AssignmentFolder) -> Iterator[str]:
    """Modules from elsewhere that an assignment's notebook, modules and checks import."""
    own = {path.stem for path in folder.released_paths()}
    modules = [p.read_text("utf-8") for p in folder.released_paths() if p.suffix == ".py"]
    release = course.release_notebook(folder.name)
    cells = read_notebook(release)["cells"]
    python = TransformerManager().transform_cell
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for source in (*modules, *map(python, sources)):
        yield from (name for name in _imported(source) if name.partition(".")[0] not in own)
    for path in assignment_modules(folder):
        package = ".".join(path.relative_to(folder.path.parent).parent.parts)
        for name in imported_modules(path.read_text("utf-8"), package):
            if name.partition(".")[0] != folder.name:
                yield name


def _imported(source: str) -> list[str]:
    try:
        return imported_modules(source)
    except SyntaxError:  # a cell with a blank to fill in
        return []


def _course_file(course: Course, assignments: Iterable[str]) -> bytes:
    """The part of `course.yml` that `check` reads, of some assignments."""
    rubric = {"title", "checks", "thresholds"}
    part = course.model_dump(
        include={
            "title": True,
            "limits": True,
            "practice_seeds": True,
            "assignments": dict.fromkeys(assignments, rubric),
        }
    )
    text = io.BytesIO()
    YAML().dump(part, text)
    return _COURSE_HEAD + text.getvalue()


def _slug(title: str) -> str:
    """A title as a file name: "What training does" becomes "what-training-does"."""
    return "-".join(re.findall(r"[^\W_]+", title.lower())) or "course"
