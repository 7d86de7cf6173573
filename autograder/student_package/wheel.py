"""The wheel for students: what `check` needs of this package, under a name of its own."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from autograder.errors import CourseError
from autograder.release import last_exception
from autograder.student_package.imports import Needed

NAME = "autograder-student"
_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = {name}
version = {version}
description = "The checks of a course, for its students."
requires-python = {python}
license = {licence}
license-files = ["LICENSE*"]
dependencies = {dependencies}

[project.scripts]
autograder = "autograder.cli.student:main"

[tool.hatch.build]
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = ["autograder"]
"""


@dataclasses.dataclass(frozen=True)
class Wheel:
    """A wheel.

    Attributes:
        name: The file's name, which pip reads.
        data: Its bytes; the same for the same modules.
    """

    name: str
    data: bytes


def build_wheel(package: Path, needs: Needed, dependencies: Sequence[str]) -> Wheel:
    """Build a wheel of some of a package's files.

    Its version ends in a digest of what is in it, so that pip installs a mended one
    over an old one.

    Args:
        package: The folder of the package `autograder`.
        needs: Which files.
        dependencies: Distributions that they import, such as "numpy>=2".

    Raises:
        CourseError: If hatchling is missing, or refuses.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        licence = package.parent / "LICENSE"
        for path in [*needs.files, *([Path(licence.name)] if licence.is_file() else [])]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(package.parent / path, folder / path)
        project = _project(_version(folder, needs, dependencies), dependencies)
        (folder / "pyproject.toml").write_text(project, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        built = list((folder / "dist").glob("*.whl"))
        if done.returncode != 0 or len(built) != 1:
            raise CourseError(
                f"The wheel for students was not built: {last_exception(done.stderr)}",
                "Install what the project needs again: make install.",
            )
        return Wheel(built[0].name, built[0].read_bytes())


def _version(folder: Path, needs: Needed, dependencies: Sequence[str]) -> str:
    digest = hashlib.sha256(json.dumps(list(dependencies)).encode())
    for path in needs.files:
        content = hashlib.sha256((folder / path).read_bytes())
        digest.update(f"{path.as_posix()} {content.hexdigest()}\n".encode())
    return f"{metadata.version('autograder')}+sha{digest.hexdigest()[:8]}"


def _project(version: str, dependencies: Sequence[str]) -> str:
    """The wheel's pyproject.toml; a JSON text of ASCII is a TOML value too."""
    ours = metadata.metadata("autograder")
    return _PROJECT.format(
        name=json.dumps(NAME),
        version=json.dumps(version),
        python=json.dumps(ours["Requires-Python"]),
        licence=json.dumps(ours["License-Expression"]),
        dependencies=json.dumps(list(dependencies)),
    )
