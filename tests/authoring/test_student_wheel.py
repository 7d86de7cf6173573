"""The student's wheel: complete, no more than `check` needs, with the grader's versions."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from courses import ROOT
from packaging.requirements import Requirement

from autograder.authoring.student_package import (
    BUNDLED,
    BY_NAME,
    build_wheel,
    distributions,
    normalized_name,
    pins,
)
from autograder.errors import CourseError
from autograder.grading import Dependencies, find_dependencies, imported_modules

DISTRIBUTIONS = {"_pytest": "pytest", "ruamel": "ruamel-yaml"}
"""Distributions whose name is not that of their module."""
ONE_MODULE = Dependencies((Path("autograder/__init__.py"),), ())
GRADER_ONLY = re.compile(
    r"autograder/(authoring|grading|outputs|collecting|sandbox|drop_in\.py|__main__\.py|"
    r"cli/(app|assistant|author|collecting|grading|machine)\.py)"
)


def test_wheel_holds_no_part_of_the_grader(wheel: dict[str, bytes]) -> None:
    """Nothing that grades, isolates, records, collects or calibrates."""
    assert [name for name in wheel if GRADER_ONLY.match(name)] == []
    assert [
        name for name in wheel if not name.startswith(("autograder/", "autograder_student-"))
    ] == []


def test_wheel_holds_the_license(wheel: dict[str, bytes]) -> None:
    """The license allows handing out copies that contain it."""
    license_file = next(name for name in wheel if name.endswith("/licenses/LICENSE"))
    assert wheel[license_file] == (ROOT / "LICENSE").read_bytes()


def test_wheel_is_complete(wheel: dict[str, bytes], tmp_path: Path) -> None:
    """In a process that sees the wheel first, `check` and every module of it can be imported."""
    for name, data in wheel.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    modules = [
        name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for name in wheel
        if name.endswith(".py") and not name.startswith(BUNDLED.as_posix())
    ]
    program = (
        "import sys, importlib\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "import autograder\n"
        f"assert autograder.__file__.startswith({str(tmp_path)!r})\n"
        "from autograder import check\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "from autograder.feedback.card import template\n"
        "from autograder.feedback.answers import render_answers\n"
        "template('card.html.j2'), template('answers.html.j2')\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr


def requirements_of(wheel: dict[str, bytes]) -> dict[str, Requirement]:
    """What the wheel's metadata require, by distribution."""
    text = next(data for name, data in wheel.items() if name.endswith("/METADATA")).decode()
    lines = re.findall("^Requires-Dist: (.*)$", text, re.MULTILINE)
    return {normalized_name(line): Requirement(line) for line in lines}


def imported(node: ast.AST) -> set[str]:
    """The packages that a statement imports, unless it is a relative import."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {str(node.module).partition(".")[0]}
    return set()


def test_wheel_requires_what_it_imports(wheel: dict[str, bytes]) -> None:
    """Each import has its distribution, and each distribution an import, but Keras' backend.

    Imports are those of the wheel's modules and of the notebooks.
    """
    modules = [ast.parse(data) for name, data in wheel.items() if name.endswith(".py")]
    names = {name for module in modules for node in ast.walk(module) for name in imported(node)}
    lessons = {path.stem for path in (ROOT / "solutions").glob("*/*.py")}  # they import each other
    # The code of a notebook, whose lines are strings in JSON.
    for path in (ROOT / "assignments").glob("*/*.ipynb"):
        names |= set(re.findall(r'"(?:import|from) (\w+)', path.read_text("utf-8")))
    names -= {"autograder", *sys.stdlib_module_names, *lessons}
    imports = {DISTRIBUTIONS.get(name, normalized_name(name)) for name in names}
    assert set(requirements_of(wheel)) == imports | set(BY_NAME)
    assert {"tensorflow", "keras", "numpy", "pytest"} <= imports | set(BY_NAME)


def test_requirements_pin_what_the_grader_has(
    files: dict[str, bytes], wheel: dict[str, bytes]
) -> None:
    """On this Python each line is the installed version, and the wheel allows it."""
    first, *lines = files["requirements.txt"].decode().splitlines()
    assert first.removeprefix("./") in files
    every = [Requirement(line) for line in lines]
    here = {pin.name: pin for pin in every if pin.marker is None or pin.marker.evaluate()}
    for name, pin in here.items():
        assert pin.specifier.contains(metadata.version(name)), name
    for name, allowed in requirements_of(wheel).items():
        assert allowed.specifier.contains(metadata.version(name)), name
    assert set(here) == {*requirements_of(wheel), "jupyterlab"}


def test_lock_without_a_library_is_refused(tmp_path: Path) -> None:
    """A library that is not locked cannot be pinned; the message names it."""
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "numpy==2.0 \\\n    --hash=sha256:00\nRuamel.Yaml==1 ; python_version < '4' \\\n"
    )
    assert pins(["numpy", "ruamel-yaml"], lock) == [
        "numpy==2.0",
        "ruamel-yaml==1 ; python_version < '4'",
    ]
    with pytest.raises(CourseError, match="keras"):
        pins(["keras"], lock)


def test_course_without_a_lock_pins_the_installed_versions(tmp_path: Path) -> None:
    """Whoever grades without a lock file hands out the versions that grade."""
    assert pins(["numpy", "ruamel-yaml"], tmp_path / "missing.lock") == [
        f"numpy=={metadata.version('numpy')}",
        f"ruamel-yaml=={metadata.version('ruamel-yaml')}",
    ]


def test_imports_are_followed_except_those_of_type_checkers(tmp_path: Path) -> None:
    """Lazy and relative imports count, and so do the packages above a module and their data."""
    package = tmp_path / "parts"
    sources = {
        "__init__.py": "if TYPE_CHECKING:\n    import parts.typed\nelse:\n    import json",
        "root.py": "def later():\n    from parts.inner import deep",
        "inner/__init__.py": "",
        "inner/deep.py": "from ..side import thing\nimport os, numpy.linalg",
        "inner/words/page.html": "",
        "side.py": "thing = 1",
        "typed.py": "",
        "other/__init__.py": "",
        "other/secret.csv": "",
    }
    for name, source in sources.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source)
    needs = find_dependencies(package, ["parts.root"])
    assert {str(path.relative_to("parts")) for path in needs.files} == {
        "__init__.py",
        "root.py",
        "inner/__init__.py",
        "inner/deep.py",
        "inner/words/page.html",
        "side.py",
    }
    assert needs.libraries == ("numpy",)
    assert imported_modules("from a import b") == ["a", "a.b"]


def test_corrected_check_gives_the_wheel_another_version(tmp_path: Path) -> None:
    """So pip replaces the wheel that a student has."""
    package = tmp_path / "autograder"
    package.mkdir()
    names = []
    for source in ("good = 1\n", "better = 1\n"):
        (package / "__init__.py").write_text(source)
        names.append(build_wheel(package, ONE_MODULE, {}, []).name)
    assert names[0] != names[1]


def test_wheel_that_cannot_be_built_is_reported(tmp_path: Path) -> None:
    """The reason is the builder's own, in one line."""
    package = tmp_path / "autograder"
    package.mkdir()
    (package / "__init__.py").touch()
    with pytest.raises(CourseError, match="dependencies") as refused:
        build_wheel(package, ONE_MODULE, {}, ["no requirement"])
    assert "\n" not in refused.value.message
    assert "hatchling" in refused.value.tip


def test_module_that_no_distribution_provides_is_reported() -> None:
    """Such as a notebook's import that works on its author's machine alone."""
    with pytest.raises(CourseError, match="no_such_library"):
        distributions(["numpy", "no_such_library"])
    assert distributions(["ruamel", "numpy", "IPython"]) == ["ipython", "numpy", "ruamel-yaml"]
