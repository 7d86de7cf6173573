"""How submissions are confined: the tier in each Grade, and `autograder doctor`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from commands import COMMAND, hand_in, read_grades, run
from courses import CORPUS, NAME, copy_course

from autograder.sandbox.kernel import landlock
from autograder.sandbox.tiers import NEEDED_LANDLOCK

pytestmark = pytest.mark.sandbox


@pytest.mark.slow
def test_unsafe_grade_is_marked_and_made_again(tmp_path: Path) -> None:
    """`--unsafe` stands in each Grade, and a later run in the sandbox grades again."""
    copy_course(tmp_path)
    hand_in(tmp_path, "ada", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    assert run(tmp_path, "grade", NAME, "--unsafe", "--json", "unsafe.json").returncode == 0
    assert read_grades(tmp_path / "unsafe.json")["ada"]["sandbox"] == {"tier": "unsafe"}
    done = run(tmp_path, "grade", NAME, "--json", "safe.json")
    assert "graded before" not in done.stderr
    assert read_grades(tmp_path / "safe.json")["ada"]["sandbox"] == {"tier": "full"}


def test_grade_without_namespaces_names_the_reduced_tier(tmp_path: Path) -> None:
    """Where user namespaces are forbidden the reduced tier grades, or nothing does."""
    copy_course(tmp_path)
    hand_in(tmp_path, "ada", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    done = subprocess.run(  # noqa: S603 - our own command
        [
            *("/usr/bin/unshare", "--user", "--map-user=1000", "--keep-caps"),
            *("sh", "-c", forbid, "sh", *COMMAND, "grade", NAME, "--json", "grades.json"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if landlock.version() >= NEEDED_LANDLOCK:
        assert done.returncode == 0, done.stderr
        ada = read_grades(tmp_path / "grades.json")["ada"]
        assert (ada["sandbox"], ada["score"]) == ({"tier": "reduced"}, 18)
    else:
        assert done.returncode == 2
        assert "namespace" in done.stderr
        assert "TIP" in done.stderr


@pytest.mark.parametrize("allowed", [True, False])
def test_doctor_shows_the_tier_and_what_is_missing(
    allowed: bool,  # noqa: FBT001 - both ways
    tmp_path: Path,
) -> None:
    """`autograder doctor` shows the tier, and one command that fixes what is missing."""
    copy_course(tmp_path)
    forbid = "" if allowed else "echo 0 > /proc/sys/user/max_user_namespaces && "
    shell = ["sh", "-c", f'{forbid}exec "$@"', "sh", *COMMAND, "doctor"]
    apart = [] if allowed else ["/usr/bin/unshare", "--user", "--map-user=1000", "--keep-caps"]
    done = subprocess.run(  # noqa: S603 - our own command
        [*apart, *shell],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    for word in ("Landlock", "seccomp", "TensorFlow", "1536 MB, 64 processes"):
        assert word in done.stdout
    if allowed:
        assert done.returncode == 0, done.stdout
        assert "full, which passed its self-test" in done.stdout
    else:
        assert "Fix: sudo sysctl user.max_user_namespaces=15000" in done.stdout
        assert "full, which passed" not in done.stdout


def test_doctor_without_a_course_finds_nothing_wrong(tmp_path: Path) -> None:
    """Where there is no course yet nothing is wrong; a broken course file is named."""
    done = run(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no course.yml here" in done.stdout
    (tmp_path / "course.yml").write_text("title: [")
    done = run(tmp_path, "doctor")
    assert done.stderr.startswith("ERROR ")
    assert "course.yml" in done.stderr
