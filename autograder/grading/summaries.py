"""Add to a Grade what the training did to the weights, once its marks are known.

Whatever happens here, the marks stay: a summary that cannot be made is left out.
"""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Mapping

from autograder.errors import MachineError, WireError
from autograder.grading.causes import is_worth_experiments
from autograder.grading.grader import Grader
from autograder.grading.scorer import ScoredReply
from autograder.results import Grade
from autograder.submissions import Cell, Submission


def with_training(
    grader: Grader,
    trained: ScoredReply,
    grade: Grade,
    functions: Mapping[str, Cell],
    solution: Callable[[], Submission],
    cpu_seconds: float = 0,
) -> Grade:
    """The same Grade with what the training did to the weights.

    Where checks failed that experiments may explain, the course's own solution is trained with the
    submission's seeds too, and its path is shown beside. It runs by itself: no student code is in
    its process.

    Args:
        grader: What graded it.
        trained: The reply of which the training is described.
        grade: The Grade of that reply.
        functions: From `solution_cells`.
        solution: Reads the course's own solution, as a submission.
        cpu_seconds: As in `with_causes`.

    Returns:
        The Grade; as it was if the training cannot be described.
    """
    try:
        reference = None
        if is_worth_experiments(grader, grade, functions, cpu_seconds):
            same_seeds = dataclasses.replace(solution(), sha256=grade.submission_sha256)
            reference = _reply_of(grader, trained, same_seeds)
        training = grader.scorer.describe(trained, reference)
    except (MachineError, WireError, OSError) as error:
        grader.on_broken(grade.student, "".join(traceback.format_exception(error)))
        return grade
    return grade.model_copy(update={"training": training})


def _reply_of(grader: Grader, trained: ScoredReply, solution: Submission) -> ScoredReply | None:
    """The reply of the solution's run; None if it did not end well."""
    ran = grader.run_to_its_end(solution)
    if ran.reason is not None:
        return None
    return ScoredReply(trained.seeds, ran.nonce, ran.completed.reply)
