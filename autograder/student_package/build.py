"""Put the student's package together: one zip for an LMS."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from jinja2 import Environment, PackageLoader, StrictUndefined
from ruamel.yaml import YAML

from autograder.course import FILE_NAME, Course
from autograder.errors import CourseError
from autograder.exercises import module_suffix
from autograder.exercises.draws import HELD_OUT
from autograder.journal import write_atomically
from autograder.student_package.imports import Needed, imported, needed
from autograder.student_package.requirements import distributions, pins, ranges
from autograder.student_package.wheel import build_wheel
from autograder.submissions.notebooks import read_notebook

ROOTS = ("autograder.notebook", "autograder.cli.student")
"""Where students come in; each assignment's exercise, checks and notebook are added."""
BY_NAME = ("tensorflow",)
"""Libraries that are imported by a name in a setting: Keras' backend."""
TOOLS = ("jupyterlab",)
"""What students work with and nothing imports."""
PRIVATE = (HELD_OUT, "calibration.", "make_")
"""How files begin that stay in solutions/; nbgrader_config.py ignores them too."""
_SOLUTION = b"### BEGIN SOLUTION"
_COURSE_HEAD = b"# What check(...) reads. Marks come from the grading run, with other seeds.\n"
_PACKAGE = Path(__file__).parents[1]
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier time; one time for all, alike each run


def make_package(course: Course, assignments: Sequence[str]) -> Path:
    """Make the student's package of release versions that are there.

    It holds the named assignments' folders. Course file and wheel are the whole course's, so that
    a later package can be unpacked over an earlier one.

    Args:
        course: The course.
        assignments: Names of the assignments to hand out, at least one.

    Returns:
        `release/COURSE-students.zip`; its bytes change only with what is in it.

    Raises:
        CourseError: If a release version is missing or holds what students must not get, or the
            wheel cannot be built.
    """
    files = {
        name: data for one in assignments for name, data in _release_files(course, one).items()
    }
    code = [name for one in course.assignments for name in _imports_of(course, one)]
    needs = _needs(course, code)
    wheel_needs = distributions([*needs.libraries, *BY_NAME])
    wheel = build_wheel(_PACKAGE, needs, ranges(wheel_needs))
    theirs = needed(_PACKAGE, code).libraries
    pinned = sorted({*wheel_needs, *distributions(theirs), *TOOLS})
    lines = [f"./wheels/{wheel.name}", *pins(pinned, _PACKAGE.parent / "requirements.lock")]
    files[f"wheels/{wheel.name}"] = wheel.data
    files["requirements.txt"] = ("\n".join(lines) + "\n").encode()
    files[FILE_NAME] = _course_file(course)
    files["README.md"] = _readme(course, assignments)
    name = _slug(course.title)
    path = course.root / "release" / f"{name}-students.zip"
    write_atomically(path, _zipped({f"{name}/{place}": data for place, data in files.items()}))
    return path


def _release_files(course: Course, assignment: str) -> dict[str, bytes]:
    """An assignment's release version, by path in the package."""
    notebook = course.release_notebook(assignment)
    folder = notebook.parent
    if not notebook.is_file():
        raise CourseError(
            f"{assignment} has no release version: {notebook} is missing.",
            f"Make it: autograder release {assignment}.",
        )
    found = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__")) for part in place.parts):
            _insist_for_students(path, course.source_notebook(assignment).parent / place)
            found[f"{assignment}/{place.as_posix()}"] = path.read_bytes()
    return found


def _insist_for_students(path: Path, source: Path) -> None:
    """Refuse a file that nbgrader would not have released, whoever put it there."""
    if path.name.startswith(PRIVATE):
        trouble = "is private"
    elif not source.is_file():
        trouble = f"has no source version, {source}"
    elif _SOLUTION in path.read_bytes():
        trouble = "holds a solution"
    else:
        return
    raise CourseError(
        f"{path} is not for students: it {trouble}.",
        f"Delete it and make the folder anew: autograder release {source.parent.name}.",
    )


def _imports_of(course: Course, assignment: str) -> list[str]:
    """What an assignment's release version imports, if there is one."""
    path = course.release_notebook(assignment)
    if not path.is_file():
        return []
    cells = [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    python = TransformerManager().transform_cell
    return [name for cell in cells for name in _imported(python("".join(cell["source"])))]


def _imported(source: str) -> list[str]:
    try:
        return imported(source)
    except SyntaxError:  # a cell with a blank to fill in
        return []


def _needs(course: Course, code: Iterable[str]) -> Needed:
    """What the wheel holds: all that `check`, the assignments and their notebooks import."""
    modules = {
        name: (f"exercises.exercise_{module_suffix(name)}", f"checks.test_{module_suffix(name)}")
        for name in course.assignments
    }
    for name, pair in modules.items():
        for module in pair:
            path = _PACKAGE / f"{module.replace('.', '/')}.py"
            if not path.is_file():
                raise CourseError(
                    f"{name} cannot be checked by students: {path} is missing.",
                    f"Write it, or take {name} out of {FILE_NAME}.",
                )
    ours = [f"{_PACKAGE.name}.{module}" for pair in modules.values() for module in pair]
    return needed(_PACKAGE, [*ROOTS, *ours, *(m for m in code if m.startswith(_PACKAGE.name))])


def _course_file(course: Course) -> bytes:
    """`course.yml` as far as `check` reads it."""
    rubric = {"title", "checks", "thresholds"}
    kept = course.model_dump(
        include={
            "title": True,
            "limits": True,
            "practice_seeds": True,
            "assignments": {"__all__": rubric},
        }
    )
    text = io.BytesIO()
    YAML().dump(kept, text)
    return _COURSE_HEAD + text.getvalue()


def _readme(course: Course, assignments: Iterable[str]) -> bytes:
    environment = Environment(
        loader=PackageLoader("autograder.student_package"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown
    )
    titles = {name: course.assignment(name).title for name in assignments}
    text = environment.get_template("README.md.j2").render(title=course.title, titles=titles)
    return text.encode()


def _slug(title: str) -> str:
    """A title as a file name: "Why training changes weights" is "why-training-changes-weights"."""
    return "-".join(re.findall(r"[^\W_]+", title.lower())) or "course"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, data)
    return archive.getvalue()
