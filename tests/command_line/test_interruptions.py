"""A grader that is stopped or killed: nothing keeps running, and no Grade is lost."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Container
from pathlib import Path
from typing import Any

import pytest
from commands import COMMAND, hand_in, run
from courses import CORPUS, NAME, copy_course
from notebooks import code_cell
from processes import children_of, is_anyone_in, wait_until_ended

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
def test_grader_killed_ten_times_loses_nothing(tmp_path: Path) -> None:
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
    for number in range(10):
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "grade", NAME],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if number % 2:  # every other one is killed before its first Grade
            wait_for_another(folder, process, than=written)
        time.sleep(moments.uniform(0, 6))
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


def wait_for_another(folder: Path, process: subprocess.Popen[bytes], than: Container[Path]) -> None:
    """Wait until a run has written a Grade, or has ended."""
    while process.poll() is None:
        if any(path not in than for path in (folder / "grades").rglob("*.json")):
            return
        time.sleep(0.05)


def without_times(path: Path) -> list[dict[str, Any]]:
    """The Grades of a file in their order, their times aside."""
    return [{**grade, "seconds": 0} for grade in json.loads(path.read_text())]
