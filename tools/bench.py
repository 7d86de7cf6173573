"""Time `autograder grade` beside `nbgrader autograde` and `otter run` on the same answers.

python tools/bench.py [ROUNDS]    (make bench; default: 3)

CPU seconds are those of each whole process tree, per submission. Absolute times differ from machine
to machine; the ratio, measured side by side, is what counts.
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
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from autograder.course import load_course
from autograder.grading import start_grader
from autograder.outputs import GradedFile, Recorder
from autograder.sandbox import ForkServer, Limits
from autograder.submissions import find_submissions, read_notebook, read_submission
from autograder.wire import SelfTestJob

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from demo_class import ASSIGNMENT, CLASS, make_class
from in_otter import make_otter_class, otter_commands, otter_scores
from nbgrader_course import scores

Seconds = tuple[float, float]  # CPU, wall
PROGRAM = "autograder.exercises.run_submission"
OURS, STOCK = "autograder grade", "nbgrader autograde"
SKIPPED = ("maryam",)  # nbgrader stops at a cell with a syntax error, and we do not


def main() -> None:
    """Run the graders in turn, and print medians and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_class(folder, [ASSIGNMENT])
        for student in SKIPPED:
            shutil.rmtree(folder / "submitted" / student)
        make_otter_class(folder, ASSIGNMENT)
        graders = {
            OURS: [[sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--force"]],
            STOCK: [[sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--force"]],
            "otter run": otter_commands(folder),
        }
        runs: dict[str, list[Seconds]] = {name: [] for name in graders}
        for _ in range(rounds):
            for name, commands in graders.items():
                shutil.rmtree(folder / "autograded", ignore_errors=True)
                runs[name].append(timed(folder, commands))
        insist_on_same_marks(folder)
        show(len(CLASS[ASSIGNMENT]) - len(SKIPPED), runs)
        phases(folder)


def timed(folder: Path, commands: Sequence[Sequence[str]]) -> Seconds:
    """CPU and wall seconds of commands, one after another, and of everything that they start."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def insist_on_same_marks(folder: Path) -> None:
    """Stop unless nbgrader and Otter, which ran last, gave each student the same score."""
    stock = {name: sum(s or 0 for s in cells.values()) for name, cells in scores(folder).items()}
    if (otter := otter_scores(folder)) != stock:
        sys.exit(f"Otter gave {otter},\nnbgrader {stock}: not the same work, so nothing to compare")


def show(number: int, runs: Mapping[str, Sequence[Seconds]]) -> None:
    """Print medians per submission, start-up included, and our ratio to the other graders."""
    rounds = len(runs[OURS])
    print(f"{number} submissions, {rounds} rounds in turn; medians, seconds per submission")
    print(f"{'':28}{'CPU':>8}{'wall':>8}")
    for name, found in runs.items():
        cpu, wall = (statistics.median(run[i] for run in found) / number for i in (0, 1))
        print(f"{name:28}{cpu:8.2f}{wall:8.2f}")
    for name, found in runs.items():
        if name != OURS:
            pairs = list(zip(runs[OURS], found, strict=True))
            cpu, wall = (statistics.median(a[i] / b[i] for a, b in pairs) for i in (0, 1))
            print(f"{f'ratio to {name}':28}{cpu:8.2f}{wall:8.2f}")


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
        print(f"\nstart (TensorFlow, self-test, checks collected)    {since(start):7.3f} s, once")
        ada, olga = (read_submission(file, source, release) for file in files)
        full, nonce = grader.run(ada)
        seeds = grader.seeds.seeds(ada.sha256)
        recorder = stack.enter_context(Recorder(course, rubric, source, release))
        graded = GradedFile(grader.grade(ada), ada, graded=True, folder=files[0].path.parent)
        works: dict[str, Callable[[], object]] = {
            "fork and sandbox, around nothing": lambda: run_nothing(grader.server),
            "the same, cells and questions, without a fit": lambda: grader.run(olga),
            "the same with the one fit of 20 epochs, plain": lambda: grader.run(ada),
            "the same with that fit trained the fast way": lambda: fast.run(ada),
            "ten checks": lambda: grader.scorer.score(seeds, nonce, full.reply, ada.untouched),
            "recording (notebook, report, gradebook)": lambda: recorder.write(graded),
            "reading and merging": lambda: read_submission(files[0], source, release),
        }
        for name, work in works.items():
            print(f"{name:51}{clocked(work):7.3f} s")


def run_nothing(server: ForkServer) -> None:
    """Run a job that the program refuses before it does anything."""
    server.run(PROGRAM, SelfTestJob(canary="", grader=0), Limits(10), 1000)


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
