"""Wheels of this package, or of a part of it: the student's, and the one for Gradescope."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from autograder.authoring.release import last_exception
from autograder.errors import CourseError
from autograder.grading import Dependencies

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = {name}
version = {version}
description = {description}
requires-python = {python}
license = {license}
license-files = ["LICENSE"]
dependencies = {dependencies}

[project.scripts]
autograder = {script}

[tool.hatch.build]
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = ["autograder"]
"""


@dataclasses.dataclass(frozen=True)
class Distribution:
    """What a wheel is called and starts.

    Attributes:
        name: Its name for pip.
        description: One sentence.
        script: What the command `autograder` calls.
    """

    name: str
    description: str
    script: str


STUDENT = Distribution(
    "autograder-student", "The checks of a course, for its students.", "autograder.cli.student:main"
)


@dataclasses.dataclass(frozen=True)
class Wheel:
    """A wheel.

    Attributes:
        name: The file's name, which pip reads.
        data: Its bytes; the same contents give the same bytes.
    """

    name: str
    data: bytes


def build_wheel(
    package: Path,
    needs: Dependencies,
    data: Mapping[str, bytes],
    dependencies: Sequence[str],
    distribution: Distribution = STUDENT,
) -> Wheel:
    """Build a wheel from some of a package's files.

    Its version ends in a digest of its contents, so that pip replaces an older wheel.

    Args:
        package: The folder of the package `autograder`.
        needs: Which files.
        data: Further files, by path in the wheel.
        dependencies: Distributions that the files import, such as "numpy>=2".
        distribution: What it is called and starts; default: the student's wheel.

    Returns:
        The wheel.

    Raises:
        CourseError: If hatchling is missing, or cannot build it.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        modules = {path.as_posix(): (package.parent / path).read_bytes() for path in needs.files}
        contents = {**modules, **data}
        project = _project(distribution, _version(contents, dependencies), dependencies)
        extra = {"LICENSE": _license(), "pyproject.toml": project.encode()}
        for place, content in {**contents, **extra}.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(content)
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
                f"The wheel {distribution.name} was not built: {last_exception(done.stderr)}",
                f"Install hatchling again: {sys.executable} -m pip install hatchling.",
            )
        return Wheel(built[0].name, built[0].read_bytes())


def _version(contents: Mapping[str, bytes], dependencies: Sequence[str]) -> str:
    digest = hashlib.sha256(json.dumps(list(dependencies)).encode())
    for place, content in sorted(contents.items()):
        digest.update(f"{place} {hashlib.sha256(content).hexdigest()}\n".encode())
    return f"{metadata.version('autograder')}+sha{digest.hexdigest()[:8]}"


def _license() -> bytes:
    """The license of this package, from its metadata: installed packages have it nowhere else."""
    files = metadata.files("autograder") or ()
    license_file = next(file for file in files if file.name == "LICENSE")
    return license_file.read_binary()


def _project(distribution: Distribution, version: str, dependencies: Sequence[str]) -> str:
    """The wheel's pyproject.toml. JSON strings and lists of strings are TOML values too."""
    ours = metadata.metadata("autograder")
    return _PROJECT.format(
        name=json.dumps(distribution.name),
        description=json.dumps(distribution.description),
        script=json.dumps(distribution.script),
        version=json.dumps(version),
        python=json.dumps(ours["Requires-Python"]),
        license=json.dumps(ours["License-Expression"]),
        dependencies=json.dumps(list(dependencies)),
    )
