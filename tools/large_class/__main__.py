"""Show that a class of thousands costs no more per student than a small one.

python -m tools.large_class [--sizes 100 1000 5000 10000]
python -m tools.large_class --real 1000
python -m tools.large_class --page

Without `--real`, everything but the training and its checks is real. The demo's class is graded
once, and its Grades are then given to a class that grows, whose other five assignments stand in the
gradebook too. CPU seconds and peak memory are those of each command's process; the machine's other
load does not change them much. With `--real`, that many submissions are really trained, and CPU,
wall time and the memory of every process are noted along the way.

Every figure is added to docs/figures/large-classes.json as soon as it is measured. Stopped at any
moment, the same command continues. Delete that file and the folder to begin again. `--page` writes
the figures into docs/performance.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from processes import children_of

from autograder.course import load_course
from autograder.outputs import find_gradebook
from autograder.results import write_atomically
from tools import ROOT, argument_parser
from tools.bench.results import this_machine
from tools.classes.demo import ASSIGNMENT, make_class
from tools.large_class.command import MARKS, NBGRADER, PEAK
from tools.large_class.folder import fill_other_assignments, hand_in, record_grades
from tools.large_class.page import RESULTS, write_page

SIZES = (100, 1_000, 5_000, 10_000)
_EVERY = 25
"""After so many real submissions, the processes are looked at."""
_COMMANDS = {
    "grade, again": ("grade", ASSIGNMENT),
    "grade one again": ("grade", ASSIGNMENT, "--student", "s00001", "--force"),
    "report": ("report", ASSIGNMENT),
    "feedback": ("feedback", ASSIGNMENT),
    "export csv": ("export", "csv", ASSIGNMENT),
    "history of one": ("history", "s00001", ASSIGNMENT),
    "regrade, nothing changed": ("regrade", ASSIGNMENT),
}
"""What is done with a class that is graded."""
_EXPORT_BY_NBGRADER = "nbgrader export"


def main() -> None:
    """Measure what the command line asks for."""
    parser = argument_parser("tools.large_class", __doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--real", type=int, help="train so many submissions, and replace nothing")
    parser.add_argument("--json", type=Path, default=RESULTS, help="the file of the figures")
    parser.add_argument("--folder", type=Path, default=ROOT / ".large-class", help="the courses")
    parser.add_argument("--page", action="store_true", help="write the page of the figures")
    options = parser.parse_args()
    if options.page:
        write_page(options.json)
    elif options.real:
        real(prepared(options.folder / "real"), options.real, options.json)
    else:
        curve(prepared(options.folder / "recorded"), options.sizes, options.json)


def prepared(folder: Path) -> Path:
    """The course folder, which is made if there is none."""
    if not (folder / "course.yml").exists():
        make_class(folder, [])
    return folder


def load(path: Path) -> dict[str, Any]:
    """The figures so far."""
    figures: dict[str, Any] = {"machine": this_machine(), "curve": [], "commands": {}, "real": []}
    return {**figures, **json.loads(path.read_text())} if path.exists() else figures


def save(path: Path, figures: dict[str, Any]) -> None:
    """Write the figures, one line for each."""
    text = json.dumps(figures, indent=1)
    text = re.sub(r"\{\s+([^{}]*?)\s+\}", lambda m: "{" + re.sub(r"\s+", " ", m[1]) + "}", text)
    write_atomically(path, text.encode() + b"\n")


# Real submissions

_LINE = re.compile(r"\[(\d+)/\d+\]")


def real(folder: Path, size: int, path: Path) -> None:
    """Train a class, and look at the processes along the way; those graded before are skipped."""
    hand_in(folder, size)
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT]
    start, run = time.perf_counter(), round(time.time())
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        match = _LINE.match(line)
        if match is None or int(match[1]) % _EVERY or "(graded before)" in line:
            continue
        wall = round(time.perf_counter() - start, 1)
        mark = {"graded": int(match[1]), "wall_s": wall, **process_tree(process.pid), "run": run}
        figures = load(path)
        save(path, {**figures, "real": [*figures["real"], mark]})
        print(json.dumps(mark), flush=True)
    if process.wait() not in (0, 3):
        sys.exit(f"{' '.join(command)} failed: status {process.returncode}")


def process_tree(pid: int) -> dict[str, Any]:
    """CPU seconds and memory of the grader, and of the largest processes that it started."""
    cpu, megabytes = 0.0, []
    for each in (pid, *children_of(pid)):
        with contextlib.suppress(OSError, StopIteration):  # it has ended meanwhile
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            # utime, stime, and those of ended children
            cpu += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            pss = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            megabytes.append(round(pss / 1024, 1))
    own, *others = megabytes
    return {"cpu_s": round(cpu, 1), "grader_mb": own, "others_mb": sorted(others, reverse=True)[:4]}


# The curve: everything but the training


def curve(folder: Path, sizes: Sequence[int], path: Path) -> None:
    """Let a class grow, and measure the commands at each size."""
    record_grades(folder)
    for size in sizes:
        measured = load(path)["commands"].get(str(size), {})
        if {*_COMMANDS, _EXPORT_BY_NBGRADER} <= measured.keys():
            continue
        hand_in(folder, size)
        fill_other_assignments(folder, size)
        run(folder, "grade", ASSIGNMENT)
        marks = (folder / MARKS).read_text().splitlines()
        save(path, {**load(path), "curve": [json.loads(mark) for mark in marks]})
        for what, arguments in _COMMANDS.items():
            _measure(path, size, what, folder, arguments)
        _measure(path, size, _EXPORT_BY_NBGRADER, folder, _nbgrader_export(folder))


def _measure(path: Path, size: int, what: str, folder: Path, arguments: Sequence[str]) -> None:
    """Measure a command, unless it has been measured with a class of this size."""
    figures = load(path)
    measured = figures["commands"].setdefault(str(size), {})
    if what not in measured:
        measured[what] = run(folder, *arguments)
        print(size, what, json.dumps(measured[what]), flush=True)
        save(path, figures)


def _nbgrader_export(folder: Path) -> tuple[str, ...]:
    location = find_gradebook(load_course(folder))
    return (
        *(NBGRADER, "export", "--to", "exported.csv"),
        "--ExportApp.plugin_class=autograder.drop_in.MarksAsCsv",
        f"--CourseDirectory.course_id={location.course_id}",
    )


def run(folder: Path, *arguments: str) -> dict[str, float]:
    """CPU seconds and peak memory of one command."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tools.large_class.command", *arguments]
    with Path(folder, "output.txt").open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        sys.exit(f"{arguments} failed:\n{Path(folder, 'output.txt').read_text()[-3000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    # Not `ru_maxrss`, which counts what this process had when it forked.
    return {"cpu_s": round(cpu, 2), "peak_mb": float((folder / PEAK).read_text())}


if __name__ == "__main__":
    main()
