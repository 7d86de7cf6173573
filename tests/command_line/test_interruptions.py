"""A grader that is stopped or killed: nothing keeps running, and no Grade is lost."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from commands import COMMAND, hand_in, run
from courses import CORPUS, NAME, copy_course
from fake_cluster import use_cluster
from killed_class import KilledClass, require_nothing_lost
from notebooks import code_cell
from processes import children_of, is_anyone_in, wait_until_ended

from autograder.grading import Options

pytestmark = pytest.mark.sandbox


@pytest.mark.slow
def test_grader_stopped_by_ctrl_c_keeps_its_grades(tmp_path: Path) -> None:
    """Ctrl-C exits with 130; the next run continues from there."""
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
    told = process.stderr.read()
    process.stderr.close()
    assert "Traceback" not in told
    assert re.search(r"Stopped after [1-5] of 6 submissions\.", told)
    assert "Finished Grades are kept" in told
    kept = len(list((tmp_path / "grades" / NAME).glob("*.json")))
    assert 1 <= kept < 6
    done = run(tmp_path, "grade", NAME)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("graded before") == kept
    assert not is_anyone_in(tmp_path)


def test_killed_grader_leaves_nothing_running(tmp_path: Path) -> None:
    """SIGKILL ends the fork server and every submission with it."""
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
    below = children_of(process.pid)
    assert below
    process.kill()
    process.wait()
    process.stderr.close()
    wait_until_ended(below)


@pytest.mark.slow
def test_grader_killed_while_it_trains_loses_nothing(tmp_path: Path) -> None:
    """Killed before and after its first Grade, it leaves nothing running and loses none."""
    folder, calm = tmp_path / "killed", tmp_path / "calm"
    notebooks = sorted((CORPUS / "right").glob("*.ipynb"))[:6]
    for place in (folder, calm):
        copy_course(place)
        for notebook in notebooks:
            hand_in(place, notebook.stem, notebook.read_bytes())
    written: dict[Path, int] = {}
    for after in (0, 1, 3):  # so many Grades
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "grade", NAME],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if after:
            wait_for_grades(folder, process, at_least=after)
        else:
            wait_for_children(process)
        below = children_of(process.pid)
        process.kill()
        process.wait()
        wait_until_ended(below)
        stamps = {path: path.stat().st_mtime_ns for path in (folder / "grades").rglob("*.json")}
        assert written.items() <= stamps.items(), "a finished Grade was made again"
        written = stamps
    assert 0 < len(written) <= len(notebooks)
    done = run(folder, "grade", NAME, "--json", "grades.json")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("graded before") == len(written)
    assert run(calm, "grade", NAME, "--json", "grades.json").returncode == 0
    assert without_times(folder / "grades.json") == without_times(calm / "grades.json")
    assert not list(folder.rglob("*.partial"))


@pytest.mark.slow
@pytest.mark.parametrize(("where", "students", "kills"), [("here", 200, 12), ("cluster", 40, 6)])
def test_class_killed_at_any_moment_is_as_if_it_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, students: int, kills: int
) -> None:
    """Killed while it writes, a grader loses no Grade and makes none twice."""
    options = Options(workers=2)
    if where == "cluster":
        options = dataclasses.replace(options, scheduler=use_cluster(monkeypatch))
    calm = KilledClass(tmp_path / "calm", monkeypatch, students)
    killed = KilledClass(tmp_path / "killed", monkeypatch, students)
    require_nothing_lost(killed, calm, options, kills)


def wait_for_grades(folder: Path, process: subprocess.Popen[bytes], at_least: int) -> None:
    """Wait until so many Grades are on disk, or the run has ended."""
    while process.poll() is None:
        if len(list((folder / "grades").rglob("*.json"))) >= at_least:
            return
        time.sleep(0.05)


def wait_for_children(process: subprocess.Popen[bytes]) -> None:
    """Wait until a run has started its fork server."""
    while process.poll() is None and not children_of(process.pid):
        time.sleep(0.05)


def without_times(path: Path) -> list[dict[str, Any]]:
    """The Grades of a file in their order, their times aside."""
    return [{**grade, "seconds": 0} for grade in json.loads(path.read_text())]
