"""Show that a class of thousands costs no more per student than a small one.

python tools/large_class.py [--sizes 10 100 1000 10000] [--json FILE] [--folder DIR]
python tools/large_class.py --real 1000 [--json FILE] [--folder DIR]

Without `--real`, everything but the training is real. The demo's class is graded once, and its
Grades are then given to a class that grows, whose other five assignments stand in the gradebook
too. CPU seconds and peak memory are those of each command's process; the machine's other load does
not change them much. With `--real`, that many submissions are really trained, and CPU, wall time
and the memory of every process are noted along the way.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from demo_class import ASSIGNMENT, CLASS, make_class
from nbgrader import api
from sqlalchemy import select

from autograder.cli.app import main as command
from autograder.course import Assignment, Course, load_course
from autograder.grading import grading_digest, incremental, local
from autograder.grading.grader import Graded
from autograder.outputs import find_gradebook
from autograder.outputs.gradebook.database import open_gradebook
from autograder.results import Grade
from autograder.submissions import Submission

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from processes import children_of

SIZES = (10, 100, 1_000, 10_000)
RECORDED = "recorded.json"
_WINDOW = 100
"""So many submissions before a size are measured, or half of them."""
_EVERY = 25
"""After so many real submissions, the processes are looked at."""
_INSTANT = {
    "re-run": ("grade", ASSIGNMENT),
    "feedback": ("feedback", ASSIGNMENT),
    "export": ("export", "csv", ASSIGNMENT),
    "history of one": ("history", "s00001", ASSIGNMENT),
    "grade one again": ("grade", ASSIGNMENT, "--student", "s00001", "--force"),
}
"""What is done with a class that is graded."""


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--real", type=int, help="train so many submissions, and replace nothing")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--folder", type=Path, help="the course; default: a temporary folder")
    parser.add_argument("--command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.command:
        run_replaced(options.command)
        return
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        make_class(folder, [])
        figures = real(folder, options.real) if options.real else curve(folder, options.sizes)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


# Real submissions

_LINE = re.compile(r"\[(\d+)/\d+\]")


def real(folder: Path, size: int) -> list[dict[str, Any]]:
    """Train a class, and look at the processes along the way."""
    hand_in(folder, size)
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT]
    start, figures = time.perf_counter(), []
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        match = _LINE.match(line)
        if match is None or int(match[1]) % _EVERY:
            continue
        wall = round(time.perf_counter() - start, 1)
        figures.append({"done": int(match[1]), "wall_s": wall, **process_tree(process.pid)})
        print(json.dumps(figures[-1]), flush=True)
    if process.wait() not in (0, 3):
        sys.exit(f"{' '.join(command)} failed: status {process.returncode}")
    return figures


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


def curve(folder: Path, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Let a class grow, and measure the commands at each size."""
    record_grades(folder)
    figures = []
    for size in sizes:
        hand_in(folder, size)
        fill_other_assignments(folder, size)
        figures.append({"students": size, **measured(folder, size)})
        print(json.dumps(figures[-1]), flush=True)
    return figures


def record_grades(folder: Path) -> None:
    """Grade the demo's class really, in a folder of its own, and keep its Grades."""
    if (folder / RECORDED).exists():
        return
    with tempfile.TemporaryDirectory() as place:
        make_class(Path(place), [ASSIGNMENT])
        command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--json", RECORDED]
        subprocess.run(command, cwd=place, check=True, capture_output=True)
        shutil.copy(Path(place, RECORDED), folder)


def hand_in(folder: Path, size: int) -> None:
    """Let students hand in the answers of the demo's class, each with a line of their own."""
    for number in range(1, size + 1):
        place = folder / "submitted" / f"s{number:05}" / ASSIGNMENT
        if place.exists():
            continue
        place.mkdir(parents=True)
        answers = list(CLASS[ASSIGNMENT].values())
        corpus = Path(__file__).parents[1] / "solutions" / ASSIGNMENT / "grading" / "corpus"
        notebook = json.loads((corpus / f"{answers[number % len(answers)]}.ipynb").read_text())
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = [*cell["source"], f"\nOWN_NUMBER = {number}"]
                break
        (place / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))


def fill_other_assignments(folder: Path, size: int) -> None:
    """Put everybody's rows for the other assignments into the gradebook, past nbgrader's API."""
    course = load_course(folder)
    location = find_gradebook(course)
    with open_gradebook(location.database, location.course_id) as gradebook:
        session = gradebook.db()
        known = set(session.scalars(select(api.Student.id)))
        students = [s for n in range(1, size + 1) if (s := f"s{n:05}") not in known]
        rows = _students_rows(course, students)
        if not known:
            rows = [*_assignments_rows(course, location.course_id), *rows]
        for table, values in rows:
            session.execute(api.Base.metadata.tables[table].insert(), values)
        session.commit()


Rows = list[tuple[str, list[dict[str, Any]]]]
"""Names of nbgrader's tables, with rows."""


def _other_checks(course: Course) -> dict[str, Mapping[str, float]]:
    names = [name for name in course.assignments if name != ASSIGNMENT]
    return {name: course.assignment(name).checks for name in names}


def _assignments_rows(course: Course, course_id: str) -> Rows:
    """What nbgrader has of the other assignments before anybody hands in."""
    others = _other_checks(course)
    cells = [(f"{n}/{c}"[-32:], n, c, p) for n, cs in others.items() for c, p in cs.items()]
    return [
        ("assignment", [{"id": n, "name": n, "course_id": course_id} for n in others]),
        ("notebook", [{"id": n, "name": n, "assignment_id": n} for n in others]),
        (
            "base_cell",
            [{"id": i, "name": c, "notebook_id": n, "type": "GradeCell"} for i, n, c, _ in cells],
        ),
        ("grade_cells", [{"id": i, "max_score": p, "cell_type": "code"} for i, _, _, p in cells]),
    ]


def _students_rows(course: Course, students: Sequence[str]) -> Rows:
    """Rows of students who passed every check of the other assignments."""
    others = _other_checks(course)
    pairs = [(name, student, f"{student}/{name}"[:32]) for name in others for student in students]
    return [
        ("student", [{"id": student} for student in students]),
        (
            "submitted_assignment",
            [{"id": i, "assignment_id": n, "student_id": s} for n, s, i in pairs],
        ),
        (
            "submitted_notebook",
            [{"id": i, "assignment_id": i, "notebook_id": n} for n, _, i in pairs],
        ),
        (
            "grade",
            [
                {
                    "id": secrets.token_hex(16),
                    "cell_id": f"{name}/{check}"[-32:],
                    "notebook_id": id_,
                    "auto_score": points,
                    "needs_manual_grade": False,
                }
                for name, _, id_ in pairs
                for check, points in others[name].items()
            ],
        ),
    ]


def measured(folder: Path, size: int) -> dict[str, Any]:
    """CPU and memory of grading up to a size, and of what is done then."""
    ran = run(folder, "grade", ASSIGNMENT)
    clock = json.loads((folder / "clock.json").read_text())
    window = min(_WINDOW, len(clock) // 2)
    figures: dict[str, Any] = {
        "record": {
            "cpu_ms_each": round(1000 * (clock[-1] - clock[-1 - window]) / window, 2),
            "peak_mb": ran["peak_mb"],
        }
    }
    for what, arguments in _INSTANT.items():
        ran = run(folder, *arguments)
        figures[what] = {**ran, "cpu_ms_each": round(1000 * ran["cpu_s"] / size, 2)}
    return figures


def run(folder: Path, *arguments: str) -> dict[str, float]:
    """CPU seconds and peak memory of one command."""
    command = [sys.executable, __file__, "--command", *arguments]
    with Path(folder, "output.txt").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        sys.exit(f"{arguments} failed:\n{Path(folder, 'output.txt').read_text()[-3000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"cpu_s": round(cpu, 2), "peak_mb": round(usage.ru_maxrss / 1024, 1)}


class ReplacedServer:
    """A fork server that is never asked."""

    alive = True


@dataclasses.dataclass(frozen=True)
class ReplacedGrader:
    """Gives everybody a recorded Grade, and notes the CPU time at each.

    Attributes:
        assignment: The assignment.
        course_sha256: Digest of the course.
        grades: The recorded Grades.
        server: Its fork server.
        on_broken: As in `Grader`.
        clock: CPU seconds of this process, whenever a submission is graded.
    """

    assignment: Assignment
    course_sha256: str
    grades: Sequence[Grade]
    server: ReplacedServer = dataclasses.field(default_factory=ReplacedServer)
    on_broken: object = None
    clock: list[float] = dataclasses.field(default_factory=list)

    def grade_and_keep(self, submission: Submission, *, alone: bool = False) -> Graded:
        """A recorded Grade, as this student's."""
        del alone
        self.clock.append(time.process_time())
        grade = self.grades[int(submission.student[1:]) % len(self.grades)]
        changes = {
            "student": submission.student,
            "submission_sha256": submission.sha256,
            "course_sha256": self.course_sha256,
        }
        return Graded(grade.model_copy(update=changes))


def run_replaced(arguments: Sequence[str]) -> None:
    """Run a command of ours in this process, without training."""
    digest = ""
    graders: list[ReplacedGrader] = []

    def compute(*given: Any) -> str:
        nonlocal digest
        digest = grading_digest(*given)
        return digest

    def start(course: Course, assignment: Assignment, *_: object, **__: object) -> ReplacedGrader:
        recorded = json.loads((course.root / RECORDED).read_text())
        grades = [Grade.model_validate(grade) for grade in recorded]
        graders.append(ReplacedGrader(assignment, digest, grades))
        return graders[-1]

    replaced: dict[tuple[Any, str], Any] = {
        (incremental, "grading_digest"): compute,
        (incremental, "start_grader"): start,
        (incremental, "fast_if_identical"): lambda grader, _: grader,
        (incremental, "require_full_marks"): lambda *_: None,
        (local, "require_full_marks"): lambda *_: None,
        (local, "with_causes"): lambda _, __, grade, *___: grade,
    }
    for (module, name), replacement in replaced.items():
        setattr(module, name, replacement)
    try:
        command(arguments)
    finally:
        if graders and len(graders[-1].clock) > 1:
            Path("clock.json").write_text(json.dumps([*graders[-1].clock, time.process_time()]))


if __name__ == "__main__":
    main()
