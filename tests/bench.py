"""Time `autograder grade` beside `nbgrader autograde` on the same notebooks, in one run.

python tests/bench.py [ROUNDS]    (make bench)

CPU seconds are those of each whole process tree, per submission. Absolute times differ from machine
to machine; the ratio, taken side by side, is what counts.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from autograder.batch import start_grader
from autograder.course import load_course
from autograder.recording import Recorder, Result
from autograder.sandbox.limits import Limits
from autograder.submissions import find_submissions, read_notebook, read_submission

sys.path.insert(0, str(Path(__file__).parent / "corpus"))
from make_class import ASSIGNMENT, CLASS, make_class

SKIPPED = ("maryam",)  # nbgrader cannot go on after a cell with a syntax error in the same way


def main() -> None:
    """Run both graders in turn, and print medians and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_class(folder, [ASSIGNMENT])
        for student in SKIPPED:
            shutil.rmtree(folder / "submitted" / student)
        number = len(CLASS[ASSIGNMENT]) - len(SKIPPED)
        for _ in range(rounds):
            ours.append(timed(folder, ["autograder", "grade", ASSIGNMENT, "--force"]))
            shutil.rmtree(folder / "autograded")
            theirs.append(timed(folder, ["nbgrader", "autograde", ASSIGNMENT, "--force"]))
        show(number, ours, theirs)
        phases(folder)


def timed(folder: Path, command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a command and everything that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def show(number: int, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> None:
    """Print a row a grader: medians per submission, start-up included."""
    print(f"{number} submissions, {len(ours)} rounds in turn; medians, seconds per submission")
    print(f"{'':28}{'CPU':>8}{'wall':>8}")
    for name, runs in (("autograder grade", ours), ("nbgrader autograde", theirs)):
        cpu, wall = (statistics.median(run[i] for run in runs) / number for i in (0, 1))
        print(f"{name:28}{cpu:8.2f}{wall:8.2f}")
    ratios = [[a[i] / b[i] for a, b in zip(ours, theirs, strict=True)] for i in (0, 1)]
    cpu, wall = (statistics.median(ratio) for ratio in ratios)
    print(f"{'ratio':28}{cpu:8.2f}{wall:8.2f}")


def phases(folder: Path) -> None:
    """Print where the time of one submission goes."""
    course = load_course(folder)
    rubric = course.assignment(ASSIGNMENT)
    source = read_notebook(course.source_notebook(ASSIGNMENT))
    release = read_notebook(course.release_notebook(ASSIGNMENT))
    files = find_submissions(folder / "submitted", ASSIGNMENT, ("ada", "olga"))
    with ExitStack() as stack:
        start = time.perf_counter()
        grader = start_grader(course, rubric, stack)
        fast = replace(grader, fast=True)
        print(f"\nstart (TensorFlow, walls probed, checks collected) {since(start):7.2f} s, once")
        ada, olga = (read_submission(file, source, release) for file in files)
        full, nonce = grader.run(ada)
        record = stack.enter_context(Recorder(course, rubric, source, release))
        result = Result(grader.grade(ada), ada, graded=True, folder=files[0].path.parent)
        works: dict[str, Callable[[], object]] = {
            "fork and walls, around nothing": lambda: grader.warm.run(b"", Limits(10), 1000),
            "the same, cells and questions, without a fit": lambda: grader.run(olga),
            "the same with the one fit of 20 epochs, plain": lambda: grader.run(ada),
            "the same with that fit trained the fast way": lambda: fast.run(ada),
            "ten checks": lambda: grader.scorer.score(nonce, full.reply, ada.untouched),
            "recording (notebook, report, gradebook)": lambda: record(result),
            "reading and merging": lambda: read_submission(files[0], source, release),
        }
        for name, work in works.items():
            print(f"{name:51}{clocked(work):7.3f} s")


def since(start: float) -> float:
    """Wall seconds since a moment."""
    return time.perf_counter() - start


def clocked(work: Callable[[], object]) -> float:
    """The median of five calls, in wall seconds."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(since(start))
    return statistics.median(times)


if __name__ == "__main__":
    main()
