"""The oldest versions that the student's wheel accepts give the verdicts of the grader's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import ROOT
from nbformat import read

from autograder.authoring.student_package import STUDENT_RANGES
from autograder.submissions import is_solution

CASES = [
    (assignment, answers)
    for assignment in ("01-first-training", "03-digit-images")
    for answers in ("right/as-in-the-lesson", "wrong/loss-mse")
]
UNREACHABLE = re.compile(r"NewConnectionError|NameResolutionError|Max retries|timed out|offline")


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program without the variables that lead to this environment's packages."""
    own = {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"}
    return subprocess.run(  # noqa: S603 - interpreters and commands of our own environments
        command,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in own},
        capture_output=True,
        text=True,
        check=False,
    )


def oldest() -> list[str]:
    """The first version of each range; of TensorFlow the smaller build without CUDA."""
    first = [re.sub(r">=([^,]+).*", r"==\1", text) for text in STUDENT_RANGES.values()]
    return [text.replace("tensorflow==", "tensorflow-cpu==") for text in first]


@pytest.fixture(scope="module")
def scripts(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The scripts of an environment with the oldest versions and nothing but the wheel."""
    folder = tmp_path_factory.mktemp("oldest")
    name = next(name for name in files if name.endswith(".whl"))
    wheel = folder / Path(name).name
    wheel.write_bytes(files[name])
    assert run(sys.executable, "-m", "venv", folder / "env", folder=folder).returncode == 0
    pip = (folder / "env" / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "-q")
    done = run(*pip, "install", *oldest(), folder=folder)
    if done.returncode != 0 and UNREACHABLE.search(done.stderr):
        pytest.skip("pip cannot reach a package index")
    assert done.returncode == 0, done.stderr
    done = run(*pip, "install", "--no-deps", wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    conflicts = run(*pip, "check", folder=folder).stdout.splitlines()
    assert [line for line in conflicts if "requires tensorflow, which" not in line] == []
    yield folder / "env" / "bin"
    shutil.rmtree(folder)  # TensorFlow is large


def verdicts(command: list[str | Path], assignment: str, answers: Path, folder: Path) -> list[str]:
    """The checks as `autograder check` prints them in an empty folder, without its messages."""
    done = run(*command, "check", assignment, "--file", answers, folder=folder)
    assert done.returncode in (0, 1), done.stderr
    return [line for line in done.stdout.splitlines() if line[:1] in "✓✗" or "points" in line]


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] not in ((3, 10), (3, 11), (3, 12)), reason="no TF 2.16")
@pytest.mark.parametrize(("assignment", "answers"), CASES)
def test_oldest_versions_give_the_same_verdicts(
    scripts: Path, tmp_path: Path, assignment: str, answers: str
) -> None:
    """A right answer passes everything, and a wrong one fails the same checks."""
    path = ROOT / "solutions" / assignment / "grading" / "corpus" / f"{answers}.ipynb"
    theirs = verdicts([scripts / "autograder"], assignment, path, tmp_path)
    ours = verdicts([sys.executable, "-m", "autograder"], assignment, path, tmp_path)
    assert theirs == ours
    assert any(line.startswith("✗") for line in theirs) == answers.startswith("wrong")


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] not in ((3, 10), (3, 11), (3, 12)), reason="no TF 2.16")
@pytest.mark.parametrize(
    ("answers", "passed"),
    [("right/as-in-the-lesson", "10 of 10"), ("wrong/change-with-sign", "9 of 10")],
)
def test_check_in_plain_ipython_needs_the_package_alone(
    scripts: Path, tmp_path: Path, answers: str, passed: str
) -> None:
    """In an empty folder, with the answers typed in, `check` finds its course in the package."""
    name = "01-first-training"
    path = ROOT / "solutions" / name / "grading" / "corpus" / f"{answers}.ipynb"
    code = [cell for cell in read(path, 4).cells if cell.cell_type == "code"]
    cells = [cell.source for cell in code if is_solution(cell)]
    start = "import keras\nimport numpy as np\nfrom autograder import check"
    session = tmp_path / "session.ipy"
    session.write_text("\n\n".join([start, *cells, f'check("{name}")\n']), encoding="utf-8")
    done = run(scripts / "ipython", "--no-banner", "--colors=NoColor", session, folder=tmp_path)
    assert f"{passed} checks pass" in done.stdout, done.stderr
