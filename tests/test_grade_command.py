"""`autograder grade` from end to end, as an instructor types it."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, NAME, code_cell, copy_course
from nbgrader.api import Gradebook

from autograder.sandbox import landlock
from autograder.sandbox.reduced import NEEDED_LANDLOCK

pytestmark = pytest.mark.sandbox

COMMAND = [sys.executable, "-m", "autograder"]
CLASS = {
    "ada": "right/as-in-the-lesson",
    "bob": "wrong/returns-nothing",
    "cyd": "wrong/change-with-sign",
}
DAMAGED = {
    "corrupt": b'{"cells": [',
    "empty": b"",
    "latin": '{"cells": "é"}'.encode("latin-1"),
    "old": b'{"nbformat": 3, "worksheets": []}',
    "sixty": b'{"nbformat": 4, "cells": [], "x": "' + b"x" * 60_000_000 + b'"}',
}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a course folder."""
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


def hand_in(folder: Path, student: str, data: bytes) -> None:
    """Put a file where nbgrader collects it."""
    place = folder / "submitted" / student / NAME
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{NAME}.ipynb").write_bytes(data)


def grades(path: Path) -> dict[str, Any]:
    """Grades by student, without what may differ from run to run."""
    listed = json.loads(path.read_text())
    return {grade["student"]: {**grade, "seconds": None} for grade in listed}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A course folder whose class has been graded once: folder, standard output, standard error."""
    folder = tmp_path_factory.mktemp("class")
    copy_course(folder)
    for student, name in CLASS.items():
        hand_in(folder, student, (CORPUS / f"{name}.ipynb").read_bytes())
    for student, data in DAMAGED.items():
        hand_in(folder, student, data)
    script = folder / "submitted" / "pia" / NAME / f"{NAME}.py"
    script.parent.mkdir(parents=True)
    script.write_text(python_file(CORPUS / "right/as-in-the-lesson.ipynb"))
    before = snapshot(folder / "submitted")
    done = run(folder, "grade", NAME, "--json", "first.json")
    assert done.returncode == 0, done.stderr
    assert snapshot(folder / "submitted") == before
    return folder, done.stdout, done.stderr


def python_file(notebook: Path) -> str:
    """A notebook as JupyterLab exports it to Python, with one cell that fails."""
    cells = [c for c in json.loads(notebook.read_text())["cells"] if c["cell_type"] == "code"]
    sources = ["get_ipython().system('ls')", "1 / 0", *("".join(c["source"]) for c in cells)]
    return "".join(f"# In[{number}]:\n\n{source}\n\n" for number, source in enumerate(sources))


def snapshot(folder: Path) -> dict[str, float]:
    """Every file below a folder with its time of change."""
    return {str(path): path.stat().st_mtime for path in folder.rglob("*")}


def test_class_table_and_reports_are_there(graded: tuple[Path, str, str]) -> None:
    """Each submission has a row, a report and an autograded notebook."""
    folder, stdout, _ = graded
    for student in [*CLASS, *DAMAGED]:
        assert student in stdout
        assert (folder / "feedback" / student / NAME / f"{NAME}.html").is_file()
        assert (folder / "autograded" / student / NAME / f"{NAME}.ipynb").is_file()
    found = grades(folder / "first.json")
    assert [found[student]["score"] for student in CLASS] == [18, 17, 16]


def test_python_file_is_graded_like_a_notebook(graded: tuple[Path, str, str]) -> None:
    """A .py of the same stem gets its marks, its report and a notebook for formgrader."""
    folder, _, _ = graded
    assert grades(folder / "first.json")["pia"]["score"] == 18
    shown = (folder / "autograded" / "pia" / NAME / f"{NAME}.ipynb").read_text()
    assert "1 / 0" in shown
    assert (folder / "feedback" / "pia" / NAME / f"{NAME}.html").is_file()


def test_damaged_notebooks_get_one_clear_line_each(graded: tuple[Path, str, str]) -> None:
    """A broken file costs its owner a clear reason, and nobody else anything."""
    folder, _, stderr = graded
    found = grades(folder / "first.json")
    reasons = {
        "corrupt": "not a notebook",
        "empty": "empty",
        "latin": "UTF-8",
        "old": "format 3",
        "sixty": "57 MB",
    }
    for student, reason in reasons.items():
        assert reason in found[student]["checks"][0]["message"]
        assert found[student]["score"] == 0
        assert stderr.count(f"{student}: 0/18, failed") == 1
    assert "Traceback" not in stderr


def test_nbgrader_sees_the_same_scores(graded: tuple[Path, str, str]) -> None:
    """The gradebook that nbgrader opens holds our scores."""
    folder, _, _ = graded
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for student, grade in grades(folder / "first.json").items():
            submission = gradebook.find_submission(NAME, student)
            assert submission.score == grade["score"]
            assert submission.max_score == 18


def test_second_run_grades_nothing_again(graded: tuple[Path, str, str]) -> None:
    """What is graded with the same submission, course and checks stands."""
    folder, _, _ = graded
    reports = snapshot(folder / "feedback")
    done = run(folder, "grade", NAME, "--json", "second.json")
    assert done.returncode == 0
    assert done.stderr.count("graded before") == len([*CLASS, "pia"])
    assert grades(folder / "second.json") == grades(folder / "first.json")
    kept = {path: time for path, time in reports.items() if not any(d in path for d in DAMAGED)}
    after = snapshot(folder / "feedback")
    assert kept.items() <= after.items()


def test_force_regrades_to_the_same_bytes_and_keeps_manual_scores(
    graded: tuple[Path, str, str],
) -> None:
    """Graded twice, a class has the same Grades; what a person scored stays."""
    folder, _, _ = graded
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("loss_goes_down", NAME, NAME, "bob")
        grade.manual_score = 1.5
        gradebook.db.commit()
    done = run(folder, "grade", NAME, "--force", "--json", "third.json", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert grades(folder / "third.json") == grades(folder / "first.json")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("loss_goes_down", NAME, NAME, "bob").score == 1.5


def test_grade_has_the_promised_shape(graded: tuple[Path, str, str]) -> None:
    """The JSON carries what the documentation lists, and never a seed."""
    folder, _, _ = graded
    ada = grades(folder / "first.json")["ada"]
    assert {
        *("student", "assignment", "outcome", "score", "max_score", "checks", "seeds", "sandbox"),
        *("environment", "submission_sha256", "course_sha256", "seconds"),
    } <= ada.keys()
    assert ada["sandbox"] == {"tier": "full"}
    assert set(ada["seeds"]) == {"kind", "fingerprint"}
    assert {
        *("name", "outcome", "points", "max_points", "message", "hint", "evidence"),
    } == ada["checks"][0].keys()


def test_without_a_name_all_that_was_handed_in_is_graded(graded: tuple[Path, str, str]) -> None:
    """The class handed in one assignment of the course, so it is that one."""
    folder, _, _ = graded
    done = run(folder, "grade", "--json", "all.json")
    assert done.returncode == 0, done.stderr
    assert grades(folder / "all.json") == grades(folder / "first.json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade", "01-frist-training"], "did you mean"),
        (["grade", NAME, "--submitted", "nowhere"], "nowhere"),
        (["grade", NAME, "--student", "eve"], "eve"),
        (["grade", NAME, "--wrokers", "2"], "wrokers"),
        (["grade", "--submitted", "assignments"], "no submission of any assignment"),
    ],
    ids=["assignment", "folder", "student", "option", "empty folder"],
)
def test_bad_usage_exits_2_with_a_message(
    graded: tuple[Path, str, str], arguments: list[str], said: str
) -> None:
    """A slip of the keyboard gets a message and status 2, never a traceback."""
    done = run(graded[0], *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_keeps_what_was_graded(tmp_path: Path) -> None:
    """Ctrl-C exits with 130; the next run goes on from there."""
    copy_course(tmp_path)
    for number in range(6):
        hand_in(tmp_path, f"s{number}", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "grade", NAME, "--workers", "1"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        # a shell that runs the tests in the background has them ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    assert "[1/6]" in first
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 130
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    kept = len(list((tmp_path / "grades" / NAME).glob("*.json")))
    assert 1 <= kept < 6
    done = run(tmp_path, "grade", NAME)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("graded before") == kept
    assert no_process_of(tmp_path)


def test_killed_grader_leaves_nothing_running(tmp_path: Path) -> None:
    """SIGKILL ends the warm process and every submission with it."""
    copy_course(tmp_path)
    loop = json.loads((CORPUS / "right/as-in-the-lesson.ipynb").read_text())
    loop["cells"].insert(2, code_cell("while True: pass"))
    hand_in(tmp_path, "loop", json.dumps(loop).encode())
    hand_in(tmp_path, "ada", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "grade", NAME, "--workers", "2"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    assert "ada" in process.stderr.readline()
    warm = children_of(process.pid)
    assert warm
    process.kill()
    process.wait()
    process.stderr.close()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in warm):
        assert time.monotonic() < deadline, "the warm process outlived the grader"


@pytest.mark.slow
def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    """Killed ten times at random, the grader leaves nothing running and grades nothing twice."""
    folder, calm = tmp_path / "killed", tmp_path / "calm"
    notebooks = sorted((CORPUS / "right").glob("*.ipynb")) + sorted(
        (CORPUS / "wrong").glob("*.ipynb")
    )
    for place in (folder, calm):
        copy_course(place)
        for notebook in notebooks:
            hand_in(place, notebook.stem, notebook.read_bytes())
    moments = random.Random(20)  # noqa: S311 - moments, no secrets
    written: dict[Path, int] = {}
    for _ in range(10):
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "grade", NAME],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moments.uniform(2, 14))
        below = children_of(process.pid)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in below):
            assert time.monotonic() < deadline, "something outlived the grader"
            time.sleep(0.05)
        stamps = {path: path.stat().st_mtime_ns for path in (folder / "grades").rglob("*.json")}
        assert written.items() <= stamps.items(), "a finished Grade was made again"
        written = stamps
    assert 0 < len(written) <= len(notebooks)
    done = run(folder, "grade", NAME, "--json", "grades.json")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("graded before") == len(written)
    assert run(calm, "grade", NAME, "--json", "grades.json").returncode == 0
    assert timeless(folder / "grades.json") == timeless(calm / "grades.json")
    assert not list(folder.rglob("*.partial"))


def timeless(path: Path) -> list[dict[str, Any]]:
    """The Grades of a file, their times aside."""
    return [{**grade, "seconds": 0} for grade in json.loads(path.read_text())]


def children_of(parent: int) -> list[int]:
    """Ids of all processes below one."""
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    direct = " ".join(task.read_text() for task in tasks).split()
    return [pid for child in map(int, direct) for pid in [child, *children_of(child)]]


def no_process_of(folder: Path) -> bool:
    """Whether no process works in a folder any more."""
    places = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # a process of somebody else, or one that just ended
            places.append(entry.readlink())
    return not any(place.is_relative_to(folder) for place in places)


def test_nbgrader_export_gives_the_same_scores(graded: tuple[Path, str, str]) -> None:
    """`nbgrader export` reads our gradebook."""
    folder, _, _ = graded
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", "--to", "out.csv"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with (folder / "out.csv").open() as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert [rows[student] for student in ("ada", "cyd")] == [18, 16]


def test_unsafe_grades_are_stamped_and_made_again(tmp_path: Path) -> None:
    """`--unsafe` says so in each Grade, and a later run with walls does not take it over."""
    copy_course(tmp_path)
    hand_in(tmp_path, "ada", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    assert run(tmp_path, "grade", NAME, "--unsafe", "--json", "unsafe.json").returncode == 0
    assert grades(tmp_path / "unsafe.json")["ada"]["sandbox"] == {"tier": "unsafe"}
    done = run(tmp_path, "grade", NAME, "--json", "walled.json")
    assert "graded before" not in done.stderr
    assert grades(tmp_path / "walled.json")["ada"]["sandbox"] == {"tier": "full"}


def test_reduced_tier_is_stamped(tmp_path: Path) -> None:
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
        ada = grades(tmp_path / "grades.json")["ada"]
        assert (ada["sandbox"], ada["score"]) == ({"tier": "reduced"}, 18)
    else:
        assert done.returncode == 2
        assert "namespace" in done.stderr
        assert "TIP" in done.stderr


@pytest.mark.parametrize("allowed", [True, False])
def test_doctor_tells_what_is_missing(
    allowed: bool,  # noqa: FBT001 - both ways
    tmp_path: Path,
) -> None:
    """`autograder doctor` shows the tier, and one command that mends what is missing."""
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
        assert "full; its walls were tried and hold" in done.stdout
    else:
        assert "mend: sudo sysctl user.max_user_namespaces=15000" in done.stdout
        assert "full; its walls" not in done.stdout


def test_doctor_needs_no_course(tmp_path: Path) -> None:
    """Where there is no course yet nothing is wrong; a broken course file is named."""
    done = run(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no course.yml here" in done.stdout
    (tmp_path / "course.yml").write_text("title: [")
    done = run(tmp_path, "doctor")
    assert done.stderr.startswith("ERROR ")
    assert "course.yml" in done.stderr


def test_practice_seeds_show_what_the_student_saw(tmp_path: Path) -> None:
    """`--practice-seeds` grades by the public seeds, every time anew, and keeps no mark."""
    copy_course(tmp_path)
    hand_in(tmp_path, "ada", (CORPUS / "right/as-in-the-lesson.ipynb").read_bytes())
    before = sorted(tmp_path.iterdir())
    done = run(tmp_path, "grade", NAME, "--practice-seeds", "--json", "practice.json")
    assert done.returncode == 0, done.stderr
    assert grades(tmp_path / "practice.json")["ada"]["seeds"]["kind"] == "practice"
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "practice.json"])
