"""The wheel for students: complete, no more than `check` needs, and locked as the grader is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder.errors import CourseError
from autograder.student_package.build import BY_NAME
from autograder.student_package.imports import Needed, imported, needed
from autograder.student_package.requirements import distributions, normal, pins
from autograder.student_package.wheel import build_wheel

SANDBOX = {"__init__", "child", "exit_codes", "fast_fit", "limits", "wire"}
"""Of the sandbox: how evidence is encoded, and how cells are run; no wall and no keeper."""
SPELLED = {"_pytest": "pytest", "ruamel": "ruamel-yaml"}
"""Distributions whose name is not that of their module."""
GRADER_ONLY = re.compile(
    r"autograder/(autograded|batch|calibration|class_grader|corpus|doctor|gradebook|grading|journal|recording|"
    r"release|lab|scaffold|seeds|selftest|student_package|trials|cli/(app|assistant|author|grading|machine))\b"
)


def test_wheel_holds_no_part_of_the_grader(wheel: dict[str, bytes]) -> None:
    """Of the sandbox only what encodes evidence; nothing that grades, records or calibrates."""
    modules = [name for name in wheel if name.endswith(".py")]
    assert [name for name in modules if GRADER_ONLY.match(name)] == []
    sandbox = {Path(name).stem for name in modules if name.startswith("autograder/sandbox/")}
    assert sandbox <= SANDBOX
    assert [
        name for name in wheel if not name.startswith(("autograder/", "autograder_student-"))
    ] == []


def test_wheel_is_complete(wheel: dict[str, bytes], tmp_path: Path) -> None:
    """In a process that sees the wheel alone, `check` and each exercise and check is imported."""
    for name, data in wheel.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    modules = [
        name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for name in wheel
        if name.endswith(".py")
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
    found = [Requirement(line) for line in re.findall("^Requires-Dist: (.*)$", text, re.MULTILINE)]
    return {normal(one.name): one for one in found}


def test_wheel_requires_what_it_imports(wheel: dict[str, bytes]) -> None:
    """Each import has its distribution, and each distribution an import; Keras' backend besides."""
    lines = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
    modules = [data.decode() for name, data in wheel.items() if name.endswith(".py")]
    names = {name for module in modules for name in lines.findall(module)}
    names -= {"autograder", *sys.stdlib_module_names}
    names = {name for name in names if find_spec(name)}  # a docstring's lines begin so too
    imports = {SPELLED.get(name, normal(name)) for name in names}
    assert set(requirements_of(wheel)) == imports | set(BY_NAME)
    assert {"tensorflow", "keras", "numpy", "pytest"} <= imports | set(BY_NAME)


def test_requirements_pin_what_the_grader_has(
    files: dict[str, bytes], wheel: dict[str, bytes]
) -> None:
    """On this Python each line is the version that is installed here, and the wheel allows it."""
    first, *lines = files["requirements.txt"].decode().splitlines()
    assert first.removeprefix("./") in files
    every = [Requirement(line) for line in lines]
    here = {one.name: one for one in every if one.marker is None or one.marker.evaluate()}
    for name, one in here.items():
        assert one.specifier.contains(metadata.version(name)), name
    for name, allowed in requirements_of(wheel).items():
        assert allowed.specifier.contains(metadata.version(name)), name
    assert set(here) == {*requirements_of(wheel), "jupyterlab"}


def test_lock_without_a_library_is_told(tmp_path: Path) -> None:
    """A library that is not locked cannot be pinned."""
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
    with pytest.raises(CourseError, match=r"missing\.lock"):
        pins(["keras"], tmp_path / "missing.lock")


def test_imports_are_followed_but_those_of_type_checkers(tmp_path: Path) -> None:
    """Lazy and relative imports count, packages above and their data too."""
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
    found = needed(package, ["parts.root"])
    assert {str(path.relative_to("parts")) for path in found.files} == {
        "__init__.py",
        "root.py",
        "inner/__init__.py",
        "inner/deep.py",
        "inner/words/page.html",
        "side.py",
    }
    assert found.libraries == ("numpy",)
    assert imported("from a import b") == ["a", "a.b"]


def test_mended_check_gives_another_version(tmp_path: Path) -> None:
    """So that pip installs it over the one that a student has."""
    package = tmp_path / "autograder"
    package.mkdir()
    names = []
    for source in ("good = 1\n", "better = 1\n"):
        (package / "__init__.py").write_text(source)
        names.append(build_wheel(package, Needed((Path("autograder/__init__.py"),), ()), []).name)
    assert names[0] != names[1]


def test_wheel_that_is_refused_is_told(tmp_path: Path) -> None:
    """The reason is the builder's own, in one line."""
    package = tmp_path / "autograder"
    package.mkdir()
    (package / "__init__.py").touch()
    with pytest.raises(CourseError, match="dependencies") as refused:
        build_wheel(package, Needed((Path("autograder/__init__.py"),), ()), ["no requirement"])
    assert "\n" not in refused.value.message
    assert "make install" in refused.value.tip


def test_library_that_nothing_installs_is_told() -> None:
    """Such as the import of a notebook that works on its author's machine alone."""
    with pytest.raises(CourseError, match="no_such_library"):
        distributions(["numpy", "no_such_library"])
    assert distributions(["ruamel", "numpy", "IPython"]) == ["ipython", "numpy", "ruamel-yaml"]
