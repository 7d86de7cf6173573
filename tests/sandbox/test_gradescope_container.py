"""The Gradescope package in a container like Gradescope's: what it grades, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from courses import CORPUS, NAME
from gradescope_container import DEFAULT_MB, Container, Ran, why_not
from gradescope_results import read_results, total_is_shown
from notebooks import write_notebook

from autograder.authoring.gradescope_package import make_gradescope_package
from autograder.course import Course
from autograder.sandbox.kernel import landlock
from autograder.sandbox.tiers import NEEDED_LANDLOCK

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]
NEEDS_LANDLOCK = pytest.mark.skipif(
    landlock.version() < NEEDED_LANDLOCK, reason="Landlock is older than version 6 (Linux 6.12)"
)
RIGHT = CORPUS / "right" / "as-in-the-lesson.ipynb"
WRONG = CORPUS / "wrong" / "always-five-epochs.ipynb"
METADATA = {
    "created_at": "2027-02-16T00:05:30.000000+00:00",
    "assignment": {"due_date": "2027-02-15T22:59:00.000000+00:00"},
    "users": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Emmy"}],
    "previous_submissions": [
        {"submission_time": "2027-02-15T10:00:00+00:00", "score": "18.0", "results": {}}
    ],
}
ATTACKS = """
def weight_change(before, after):
    import os, pathlib, signal, socket, subprocess
    import autograder
    home = pathlib.Path("/autograder")
    attacks = {
        "list": lambda: os.listdir(home / "source" / "course"),
        "key": lambda: (home / "source/course/course.key").read_bytes(),
        "solution": lambda: next((home / "source/course/solutions").rglob("*.ipynb")).read_bytes(),
        "package": lambda: (home / "source/run_autograder").read_bytes(),
        "results": lambda: (home / "results/results.json").write_text('{"score": 18}'),
        "metadata": lambda: (home / "submission_metadata.json").read_bytes(),
        "submission": lambda: os.listdir(home / "submission"),
        "library": lambda: pathlib.Path(autograder.__file__).write_text(""),
        "program": lambda: (home / "run_autograder").write_text(""),
        "environment": lambda: pathlib.Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "root": lambda: os.setuid(0),
        "signal": lambda: os.kill(os.getppid(), 0),
        "socket": lambda: socket.socket(),
        "process": lambda: subprocess.run(["/bin/true"], check=True),
        "daemon": lambda: os.fork() or os._exit(0),
    }
    worked = []
    for name, attack in attacks.items():
        try:
            attack()
        except (OSError, StopIteration, ValueError):
            continue
        worked.append(name)
    raise RuntimeError("worked: " + ", ".join(worked) + ".")
"""


@pytest.fixture(scope="module")
def container(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Container:
    """The package of the first assignment, installed as Gradescope does."""
    return installed(course, tmp_path_factory.mktemp("gradescope"))


def installed(course: Course, folder: Path, *, unsafe: bool = False, **limits: int) -> Container:
    """A container in which setup.sh has run."""
    package = make_gradescope_package(course, NAME, folder / "autograder.zip", unsafe=unsafe)
    (folder / "root").mkdir()
    container = Container(folder / "root", package, **limits)
    done = container.setup()
    assert done.status == 0, done.printed
    return container


def attacked(folder: Path) -> bytes:
    """A submission that tries what a container is for."""
    return write_notebook(folder, weight_change=ATTACKS).read_bytes()


def what_worked(ran: Ran) -> str:
    """The attacks that worked, by the message of the check that called them."""
    outputs = [test["output"] for test in read_results(ran.results or b"")["tests"]]
    return next(m[1] for m in (re.search(r"worked: (.*?)\.", text) for text in outputs) if m)


@NEEDS_LANDLOCK
def test_right_answer_gets_full_marks_within_half_a_cpu_and_768_mb(container: Container) -> None:
    """Training, with the course's solution before it, fits into Gradescope's default container."""
    ran = container.grade({"my answers.ipynb": RIGHT.read_bytes()}, json.dumps(METADATA).encode())
    assert ran.status == 0, ran.printed
    results = read_results(ran.results or b"")
    assert results["score"] == 18
    assert results["extra_data"]["tier"] == "reduced"
    assert results["extra_data"]["seeds"]["kind"] == "grading"
    assert total_is_shown(results)
    assert "1 hour 6 minutes after the due date" in results["output"]
    assert "group of 2" in results["output"]
    assert "Tier: reduced" in ran.printed
    assert ran.seconds < 600
    assert ran.peak_mb is None or ran.peak_mb < DEFAULT_MB


@NEEDS_LANDLOCK
def test_wrong_answer_loses_the_points_of_its_checks(container: Container) -> None:
    """The check that it must fail is failed with its hint, and the fall is told."""
    ran = container.grade({f"{NAME}.ipynb": WRONG.read_bytes()}, json.dumps(METADATA).encode())
    results = read_results(ran.results or b"")
    failed = {t["extra_data"]["check"] for t in results["tests"] if t["status"] == "failed"}
    assert "fit_runs_every_epoch" in failed
    assert 0 < results["score"] < 18
    assert "Your earlier submission has 18 points" in results["output"]


def test_upload_without_a_notebook_is_explained(container: Container) -> None:
    """The student reads what to upload; metadata that is no JSON does not matter."""
    ran = container.grade({"report.pdf": b"%PDF"}, b"{")
    assert ran.status == 0, ran.printed
    results = read_results(ran.results or b"")
    assert results["score"] == 0
    assert "only report.pdf" in results["tests"][0]["output"]


@NEEDS_LANDLOCK
def test_hostile_submission_reaches_neither_key_nor_results(
    container: Container, tmp_path: Path
) -> None:
    """It reads nothing of the package, writes no results, and reaches no other process."""
    ran = container.grade({"x.ipynb": attacked(tmp_path)})
    assert ran.status == 0, ran.printed
    assert what_worked(ran) == ""


def test_kernel_without_landlock_is_refused(container: Container) -> None:
    """Without any tier nothing runs: no results, so no score, and staff read why."""
    ran = container.grade({"x.ipynb": RIGHT.read_bytes()}, landlock=False)
    assert ran.status != 0
    assert ran.results is None
    assert "cannot use Landlock" in ran.printed
    assert "there is no score" in ran.printed
    assert "Traceback" not in ran.printed


def test_container_that_is_too_small_gives_no_score(
    course: Course, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where the memory does not suffice, staff are told to choose a larger container."""
    small = installed(course, tmp_path_factory.mktemp("small"), memory_mb=512)
    ran = small.grade({"x.ipynb": RIGHT.read_bytes()})
    if ran.peak_mb is None:
        pytest.skip("no control group of version 1 can be made here")
    assert ran.status != 0
    assert ran.results is None
    assert "This container has 512 MB" in ran.printed
    assert "Choose a container with more memory" in ran.printed


def test_unsafe_package_protects_nothing_and_holds_nothing(
    course: Course, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The control: without a tier the same attacks work, so the package has no key to find."""
    unsafe = installed(course, tmp_path_factory.mktemp("unsafe"), unsafe=True)
    ran = unsafe.grade({"x.ipynb": RIGHT.read_bytes()}, landlock=False)
    results = read_results(ran.results or b"")
    assert results["score"] == 18
    assert results["extra_data"]["tier"] == "unsafe"
    assert results["extra_data"]["seeds"]["kind"] == "practice"
    assert "without a sandbox" in results["output"]
    worked = what_worked(unsafe.grade({"x.ipynb": attacked(tmp_path)}, landlock=False))
    assert {"list", "results", "environment", "root", "signal"} <= {*worked.split(", ")}
    assert "key" not in worked.split(", ")
