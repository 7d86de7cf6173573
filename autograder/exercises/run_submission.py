"""The sandbox's program: run one submission's cells, call its functions, send one reply.

This shares a process with student code, so nothing here decides a score.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import AssignmentFolder
from autograder.exercises.cells import notebook_namespace, run_cells
from autograder.exercises.loading import AnyExercise, load_exercise
from autograder.exercises.predicting import PredictionInputs, predict
from autograder.exercises.steps import TrainingGiven
from autograder.exercises.student import Guard, Student, StudentError, flush_output
from autograder.exercises.tensorflow_setup import configure_tensorflow, measured_environment
from autograder.exercises.values import Observation
from autograder.wire import (
    LONGEST_PART,
    RUNNING,
    Job,
    Started,
    decode,
    encode,
    frame,
    length_prefixed,
    unpack,
)

if TYPE_CHECKING:
    from autograder.exercises.traced_steps import TracedStep

_exercises: dict[str, AnyExercise] = {}


def load(folder: str) -> None:
    """Load an assignment's exercise in the fork server, so that its forks have it.

    Args:
        folder: The assignment's folder.
    """
    importlib.import_module("autograder.datasets")  # for notebooks that were released before 0.2.0
    with contextlib.suppress(ImportError):  # another Keras version: nothing trains the fast way
        importlib.import_module("autograder.exercises.fast_fit")
        importlib.import_module("autograder.exercises.traced_steps").watch()
    assignment = AssignmentFolder(Path(folder))
    _exercises[assignment.name] = load_exercise(assignment)


def main(job_descriptor: int, reply_descriptor: int, status_descriptor: int) -> None:
    """Read the job, perform it, write the reply, end the process.

    Args:
        job_descriptor: A file with a `Job`.
        reply_descriptor: A pipe for frames: the name of each part before it runs, then the reply.
        status_descriptor: A pipe for `Started`; closed before student code runs.
    """
    try:
        with os.fdopen(job_descriptor, "rb") as file:
            job = unpack(file.read(), Job)
        configure_tensorflow(fast=job.fast)
        recorded = _prepare_steps(job)
        exercise = _exercises[job.assignment]
        given_type = PredictionInputs if job.task == "predict" else exercise.given_type
        given = given_type.model_validate(decode(job.given))
        started = length_prefixed(Started(environment=measured_environment()))
        _write_files(job.files)
    except Exception as error:  # noqa: BLE001 - no student code has run: the error is ours
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        flush_output()
        os._exit(1)
    _write_all(status_descriptor, started)
    os.close(status_descriptor)

    def tell(part: str) -> None:
        """Send what runs next, so that what ends the process is known by name."""
        _write_all(reply_descriptor, frame(job.nonce, encode({RUNNING: part[:LONGEST_PART]})))

    guard = Guard(job.part_seconds, _left_out(job), tell)
    reply: object = perform(exercise, given, job, guard)
    if job.task == "trace":
        reply = _sealed(recorded)
    flush_output()
    _write_all(reply_descriptor, frame(job.nonce, encode(reply)))
    os._exit(0)


def _prepare_steps(job: Job) -> list[TracedStep]:
    """Record what is traced, or use what was recorded; both for one Keras version only."""
    recorded: list[TracedStep] = []
    if job.task == "trace" or job.traced:
        from autograder.exercises import traced_steps  # noqa: PLC0415 - as above

        if job.task == "trace":
            traced_steps.record(recorded)
        else:
            steps = map(traced_steps.SealedStep.model_validate, decode(job.traced))
            traced_steps.use(list(steps))
    return recorded


def _sealed(recorded: Sequence[TracedStep]) -> list[object]:
    from autograder.exercises.traced_steps import seal  # noqa: PLC0415 - as above

    return [seal(step).model_dump() for step in recorded]


def _left_out(job: Job) -> dict[str, StudentError]:
    return {
        name: StudentError(kind=kind, message=message, hint=hint)
        for name, (kind, message, hint) in job.left_out.items()
    }


def perform(
    exercise: AnyExercise, given: TrainingGiven | PredictionInputs, job: Job, guard: Guard
) -> dict[str, Any]:
    """Run the cells, then the exercise; or predict with the model that the submission builds.

    Args:
        exercise: The assignment's exercise.
        given: What the student's functions get, or what is asked.
        job: The cells.
        guard: Limits each part.

    Returns:
        What `checks.Reply` describes, as plain values.
    """
    namespace = notebook_namespace()
    cell_errors = run_cells(job.cells, namespace, guard)
    student = Student(namespace, guard)
    observed: Observation
    if isinstance(given, PredictionInputs):
        observed = predict(student, given)
    else:
        observed = exercise.perform(student, given)
    return {
        "observed": observed.model_dump(),
        "errors": {name: error.model_dump() for name, error in student.errors.items()},
        "cell_errors": {name: error.model_dump() for name, error in cell_errors.items()},
    }


def _write_files(files: Mapping[str, bytes]) -> None:
    """Write the assignment's released files where the notebook imports and opens them."""
    for name, data in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    sys.path.insert(0, str(Path.cwd()))


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
