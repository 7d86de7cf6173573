"""`autograder new` writes an assignment that works at once; docs/write-an-assignment.md goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT

from autograder.course import load_course

NEW = "07-my-idea"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with an interpreter of its own, which imports the copy."""
    root = tmp_path_factory.mktemp("project")
    for name in ("autograder", "solutions/01-first-training", "assignments/01-first-training"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    lines = (ROOT / "course.yml").read_text().splitlines(keepends=True)
    second = next(n for n, line in enumerate(lines) if line.startswith("  02-"))
    (root / "course.yml").write_text("".join(lines[:second]))
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "venv", "--without-pip", str(root / ".venv")], check=True
    )
    packages = next((root / ".venv").glob("lib/python*/site-packages"))
    (packages / "project.pth").write_text(f"{root}\n{sysconfig.get_path('purelib')}\n")
    return root


PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def autograder(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the copy's command in its folder."""
    return subprocess.run(  # noqa: S603 - the copy's interpreter
        [str(project / ".venv/bin/python"), "-m", "autograder", *arguments],
        cwd=project,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def made(project: Path) -> str:
    """What `autograder new` printed."""
    done = autograder(project, "new", NEW, "--title", "My idea")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.sandbox
def test_new_assignment_passes_its_selftest(project: Path, made: str) -> None:
    """Without a change, the solution, the release version and the corpus come out as they must."""
    assert f"solutions/{NEW}" in made
    done = autograder(project, "selftest", NEW, "--seeds", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrong/never-fits" in done.stdout


@pytest.mark.sandbox
@pytest.mark.slow
def test_new_assignment_is_calibrated(project: Path, made: str) -> None:
    """The tutorial's last step: its thresholds come out with evidence, and the gate still holds."""
    assert made
    done = autograder(project, "calibrate", NEW, "--seeds", "5")
    assert done.returncode == 1, done.stdout + done.stderr  # so few runs bound little
    assert "0 of 15 right runs failed" in " ".join(done.stdout.split())
    assert "Leave out --seeds, or give 999" in done.stderr
    folder = project / "solutions" / NEW
    assert (folder / "calibration.json").is_file()
    assert (folder / "calibration.png").read_bytes().startswith(b"\x89PNG")
    assert autograder(project, "selftest", NEW, "--seeds", "1").returncode == 0


def test_broken_check_is_a_surprise(project: Path, made: str) -> None:
    """A check that can no longer fail is found by the gate, which says where."""
    assert made
    path = project / "autograder" / "checks" / "test_07_my_idea.py"
    text = path.read_text()
    try:
        path.write_text(text.replace("    loss_fits(run, found)\n", '    found.say("fine")\n'))
        done = autograder(project, "selftest", NEW, "--seeds", "1")
    finally:
        path.write_text(text)
    assert done.returncode == 1
    assert "wrong/loss-mse, seeds 0: compile_loss_fits_labels passes, and must fail" in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [("My Idea", "is no name"), ("01-first-training", "is there already"), (NEW, "already")],
)
def test_name_that_cannot_be_used_is_refused(
    project: Path, made: str, name: str, said: str
) -> None:
    """A bad or taken name is refused with the reason, and nothing is written."""
    assert made
    before = sorted(project.rglob("*.ipynb"))
    done = autograder(project, "new", name)
    assert done.returncode == 2
    assert said in done.stderr
    assert sorted(project.rglob("*.ipynb")) == before


def test_course_file_keeps_its_comments(project: Path, made: str) -> None:
    """The rubric's entry is added at the end; what was there stays as it was."""
    assert made
    text = (project / "course.yml").read_text()
    lines = (ROOT / "course.yml").read_text().splitlines(keepends=True)
    second = next(n for n, line in enumerate(lines) if line.startswith("  02-"))
    assert text.startswith("".join(lines[:second]).rstrip("\n"))
    assert load_course(project).assignment(NEW).title == "My idea"
