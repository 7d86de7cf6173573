"""What a training did to the weights, in figures for reports; no figure here decides a mark.

Everything is recomputed from the weights that came out of the sandbox. Of the data, the training
samples of this submission and public samples are used, and nothing that only the grader has.
"""

from __future__ import annotations

from autograder.checks.finding import CheckFailedError
from autograder.checks.graded_model import GradedModel, NotEvaluated, Rebuilt
from autograder.checks.training_run import Run
from autograder.checks.training_summary import figures
from autograder.checks.training_summary.changes import array_changes
from autograder.checks.training_summary.landscape import Losses, draw_landscape
from autograder.checks.training_summary.losses import losses_of, work_of
from autograder.checks.training_summary.mistakes import find_mistakes
from autograder.checks.training_summary.path import as_points, path_of
from autograder.course import Seeds
from autograder.exercises import AnyExercise, GradingData, Training
from autograder.results import TrainingSummary

__all__ = ["has_summary", "training_summary"]

_MOST_WORK = 20_000_000_000
"""Multiplications for the losses of a path: about two seconds, as long as the checks take."""


def has_summary(run: Run) -> bool:
    """Whether there is a training to summarize, and a model that can be evaluated."""
    evaluated = isinstance(run.model, GradedModel) and not isinstance(run.model, NotEvaluated)
    return evaluated and run.shown is not None


def training_summary(
    exercise: AnyExercise,
    seeds: Seeds,
    grading: GradingData | None,
    run: Run,
    reference: Run | None,
) -> TrainingSummary | None:
    """What one training did.

    Args:
        exercise: The assignment's exercise.
        seeds: The submission's seeds.
        grading: What only grading has; None in practice.
        run: The submission's training run.
        reference: That of the course's own solution with the same seeds, if there is one.

    Returns:
        The summary; None if there was no training.
    """
    if run.shown is None or not has_summary(run):
        return None
    losses, other = _losses(run, run.shown), None
    if reference and reference.shown and reference.shown.epochs_run and has_summary(reference):
        other = _losses(reference, reference.shown)
    names = exercise.feature_names(seeds, grading)
    summary = TrainingSummary(
        name=exercise.shown_name,
        landscape=None if losses is None else draw_landscape(losses, other),
        changes=array_changes(run, run.shown.weights, names) if run.shown.weights else (),
    )
    if losses is not None:
        summary = summary.model_copy(update=_curve(losses))
    if other is not None:
        loss, epochs = _curve(other).values()
        summary = summary.model_copy(update={"reference_loss": loss, "reference_epochs": epochs})
    return summary.model_copy(update=_mistakes(exercise, seeds, grading, run))


def _losses(run: Run, training: Training) -> Losses | None:
    """The losses along the path of a training; None if that takes too much."""
    path = path_of(run, training)
    lists = [weights for _, weights in path.finite]
    try:
        if not isinstance(run.model, Rebuilt):
            values = [run.training_loss(weights) for weights in lists]
        elif len(lists) * work_of(run.model, len(run.given.x)) > _MOST_WORK:
            return None
        else:
            values = losses_of(run, run.model, as_points(lists).astype("float32"))
    except (CheckFailedError, ValueError):  # it does not take the data
        return None
    return Losses(run, path, values)


def _curve(losses: Losses) -> dict[str, tuple[object, ...]]:
    """The loss of each epoch, and the epochs."""
    path = losses.path
    values = iter(figures.losses(losses.values))
    curve = tuple(None if weights is None else next(values) for weights in path.lists)
    return {"loss": curve, "epochs": tuple(path.epochs)}


def _mistakes(
    exercise: AnyExercise, seeds: Seeds, grading: GradingData | None, run: Run
) -> dict[str, object]:
    """The mistakes on practice samples, where the exercise has any."""
    weights = None if run.shown is None else run.shown.weights
    if weights is None or not isinstance(run.model, Rebuilt):
        return {}
    practice = exercise.practice_samples(seeds, grading)
    if practice is None:
        return {}
    try:
        shown, wrong, samples = find_mistakes(run, weights, practice)
    except CheckFailedError:  # it does not take the samples
        return {}
    return {"mistakes": shown, "wrong": wrong, "practice_samples": samples}
