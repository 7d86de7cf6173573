"""The course's own solution, by which a machine is known to be fit for grading."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from concurrent.futures import ThreadPoolExecutor

from autograder.course import FixedSeeds
from autograder.errors import MachineError, UnfitMachineError, WireError
from autograder.grading.grader import Grader
from autograder.results import Grade, Outcome
from autograder.submissions import Submission
from autograder.wire import unframe


def require_full_marks(grader: Grader, solution: Submission) -> None:
    """Grade the course's own solution with the practice seeds; it must get full marks.

    Args:
        grader: A grader of the assignment.
        solution: The source version, read as a submission.

    Raises:
        UnfitMachineError: If it does not.
    """
    _require_full_marks(_practicing(grader).grade(solution))


def fast_if_identical(grader: Grader, solution: Submission) -> Grader:
    """Train the course's own solution with and without fast training, and compare.

    Args:
        grader: A grader without fast training.
        solution: The source version, read as a submission.

    Returns:
        A grader with fast training, and with the train steps that the solution traced, if
        everything that came out of the sandbox, including weights and history, is equal to the last
        bit; otherwise without those steps, or `grader`.

    Raises:
        UnfitMachineError: If the solution does not get full marks.
    """
    plain = _practicing(grader)
    fast = dataclasses.replace(plain, fast=True)
    with ThreadPoolExecutor(2) as pool:
        fast_run = pool.submit(_with_traced_steps, fast, solution)
        expected = _reply(plain, solution)
    _require_full_marks(plain.grade(solution) if expected is None else expected.grade)
    if expected is None:
        return grader
    traced, seconds, answered = fast_run.result()
    if traced and (answered is None or answered.reply != expected.reply):
        traced, answered = b"", _reply(fast, solution)
    if answered is None or answered.reply != expected.reply:
        return dataclasses.replace(grader, reference_seconds=expected.cpu_seconds)
    # Not the time with traced steps: of the submissions, only those with equal models have them.
    seconds = seconds or answered.cpu_seconds
    return dataclasses.replace(grader, fast=True, traced=traced, reference_seconds=seconds)


def _with_traced_steps(
    grader: Grader, solution: Submission
) -> tuple[bytes, float, _Answered | None]:
    """Trace the solution's train steps, and train it with them.

    Returns:
        The steps, the computing time of the run that traced them, and what came of the run with
        them.
    """
    steps, seconds = b"", 0.0
    with contextlib.suppress(MachineError, WireError):
        completed, nonce = grader.run(solution, trace=True)
        if completed.exit_code == 0:
            steps, seconds = unframe(nonce, completed.reply), completed.cpu_seconds
    return steps, seconds, _reply(dataclasses.replace(grader, traced=steps), solution)


def reply_digest(grader: Grader, solution: Submission) -> str:
    """SHA-256 in hexadecimal of what comes out of the sandbox when the course's solution trains.

    Two machines with the same digest compute the same weights and history, to the last bit.

    Args:
        grader: From `fast_if_identical`.
        solution: The source version, read as a submission.

    Raises:
        UnfitMachineError: If nothing comes out.
    """
    answered = _reply(_practicing(grader), solution)
    if answered is None:
        raise UnfitMachineError(
            f"The course's own solution of {grader.assignment.name} does not run to its end on "
            "this machine.",
            "Free memory and processor, and run the same command again.",
        )
    return hashlib.sha256(answered.reply).hexdigest()


def _practicing(grader: Grader) -> Grader:
    """With the practice seeds, of which the authors know that the solution passes."""
    return dataclasses.replace(grader, seeds=FixedSeeds(grader.course.practice_seeds))


@dataclasses.dataclass(frozen=True)
class _Answered:
    """What came of one run of the solution.

    Attributes:
        reply: What came out of the sandbox.
        grade: Its Grade.
        cpu_seconds: Its computing time.
    """

    reply: bytes
    grade: Grade
    cpu_seconds: float


def _reply(grader: Grader, solution: Submission) -> _Answered | None:
    """What comes out of the sandbox, and the Grade of it; None if nothing does."""
    try:
        ran = grader.run_to_its_end(solution)
        if ran.reason is not None:
            return None
        return _Answered(
            unframe(ran.nonce, ran.completed.reply),
            grader.conclude(solution, ran),
            ran.completed.cpu_seconds,
        )
    except (MachineError, WireError):
        return None


def _require_full_marks(grade: Grade) -> None:
    if grade.outcome is Outcome.PASSED:
        return
    verdict = next(v for v in grade.checks if v.outcome is not Outcome.PASSED)
    raise UnfitMachineError(
        f"The course's own solution of {grade.assignment} does not get full marks on this machine: "
        f"{verdict.name}: {verdict.message}",
        "Nothing was recorded that this may have spoiled. Free memory, processor and disk, or "
        "raise the limits of this container, and run the same command again. If the course was "
        f"just changed: autograder selftest {grade.assignment}.",
    )
