"""What each part of grading one submission takes, of all processes that work for it."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from autograder.course import load_course
from autograder.grading import (
    Grader,
    fast_if_identical,
    solution_cells,
    start_grader,
    with_causes,
)
from autograder.grading.summaries import with_training
from autograder.outputs import GradedFile, Recorder
from autograder.sandbox import Limits
from autograder.submissions import (
    SubmittedFile,
    find_submissions,
    read_notebook,
    read_submission,
)
from autograder.wire import SelfTestJob
from tools.bench.measure import Measured, measure_call
from tools.bench.results import Stage
from tools.classes.demo import make_class

_PROGRAM = "autograder.exercises.run_submission"
RIGHT, STUB, WRONG = "ada", "olga", "hypatia"
"""Of the demo class: full marks; answers as released, which never train; and a wrong rate."""


def measure_stages(assignment: str, rounds: int) -> tuple[Stage, ...]:
    """Take every part by itself.

    Args:
        assignment: One in which the demo class has `RIGHT`, `STUB` and `WRONG`.
        rounds: How often each part is measured.
    """
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        make_class(folder, [assignment])
        parts = dict(_parts(folder, assignment, stack))
        measured: dict[str, list[Measured]] = {name: [] for name in parts}
        for _ in range(rounds):
            for name, work in parts.items():
                measured[name].append(measure_call(work))
    return tuple(
        Stage(
            name,
            tuple(round(each.cpu, 4) for each in values),
            tuple(round(each.wall, 4) for each in values),
        )
        for name, values in measured.items()
    )


def _parts(
    folder: Path, assignment: str, stack: ExitStack
) -> Iterator[tuple[str, Callable[[], object]]]:
    course = load_course(folder)
    rubric = course.assignment(assignment)
    source = read_notebook(course.source_notebook(assignment))
    release = read_notebook(course.release_notebook(assignment))
    files = {f.student: f for f in find_submissions(folder / "submitted", assignment)}
    right, stub, wrong = (
        read_submission(files[student], source, release) for student in (RIGHT, STUB, WRONG)
    )
    grader = start_grader(course, rubric, stack)
    solution = functools.partial(
        read_submission,
        SubmittedFile("solution", course.source_notebook(assignment)),
        source,
        release,
    )
    fast = fast_if_identical(grader, solution())
    graded, failed = fast.grade_and_keep(right), fast.grade_and_keep(wrong)
    assert graded.trained is not None
    assert failed.trained is not None
    nonce, reply = graded.trained.nonce, graded.trained.reply
    functions = solution_cells(source)
    recorder = stack.enter_context(Recorder(course, rubric, source, release))
    file = GradedFile(graded.grade, right, graded=True, folder=files[RIGHT].path.parent)
    yield "read and merge", lambda: read_submission(files[RIGHT], source, release)
    yield "fork and sandbox, around nothing", lambda: _run_nothing(grader)
    yield "the same, cells and questions, without training", lambda: grader.run(stub)
    yield "the same with training, Keras' own way", lambda: grader.run(right)
    yield "the same with training, the fast way", lambda: fast.run(right)
    seeds = grader.seeds.seeds(right.sha256)
    yield "all checks", lambda: grader.scorer.score(seeds, nonce, reply, right.untouched)
    yield (
        "the training's summary, full marks",
        functools.partial(with_training, fast, graded.trained, graded.grade, functions, solution),
    )
    yield (
        "a failing submission: runs that find the function to blame",
        lambda: with_causes(fast, wrong, failed.grade, functions),
    )
    yield (
        "a failing submission: its summary, beside the solution's training",
        functools.partial(with_training, fast, failed.trained, failed.grade, functions, solution),
    )
    yield "record (notebook, report, gradebook)", lambda: recorder.write(file)


def _run_nothing(grader: Grader) -> None:
    """Run a job that the program refuses before it does anything."""
    grader.server.run(_PROGRAM, SelfTestJob(canary="", grader=0), Limits(10), 1000)
