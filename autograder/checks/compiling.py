"""Expectations of `compile_model`: what its loss and metrics compute, not how they are written."""

from __future__ import annotations

import math

import numpy as np

from autograder.checks.diagnosis import recompiled
from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.preconditions import reached
from autograder.checks.training_run import Run
from autograder.exercises import CLASSIFICATION, CompileSettings, accuracy, softmax

_MOST_SMOOTHING = 0.2


def compiled(run: Run) -> CompileSettings:
    """The settings that `compile_model` made; the check fails if there are none."""
    reached(run, "compile_model")
    if run.observed.compiled is not None:
        return run.observed.compiled
    if run.observed.compiled_other:
        raise CheckFailedError(
            "`compile_model` compiled another model; the one that it was given is not compiled.",
            "Call `compile` on the argument `model` itself.",
        )
    raise CheckFailedError(
        "After `compile_model(model)` the model is not compiled.",
        "Call `model.compile(optimizer=..., loss=..., metrics=[...])`.",
    )


def loss_fits(run: Run, finding: Finding) -> None:
    """The compiled loss has the right value on made-up outputs and answers.

    Its name does not matter: any object or function that computes the same number passes.
    """
    settings = compiled(run)
    _require_loss(run, settings, finding, "`compile_model` set")
    training = run.observed.training
    if training is not None and recompiled(settings, training) and training.compiled is not None:
        _require_loss(
            run, training.compiled, finding, "`train_model` compiled the model again with"
        )
    finding.say(
        f"On made-up outputs and answers, {settings.loss} is {settings.loss_value:.4f}, "
        "as expected."
    )


def _require_loss(run: Run, settings: CompileSettings, finding: Finding, subject: str) -> None:
    objective, probe = run.objective, run.given.probe
    outputs, answers = probe.outputs, probe.answers
    expected = objective.loss(outputs, answers)
    finding.show(loss=settings.loss, loss_value=settings.loss_value, expected=round(expected, 6))
    hint = f'The answers are {objective.answers_are}: use `loss="{objective.loss_name}"`.'
    if settings.loss_error:
        raise CheckFailedError(
            f"{subject} the loss {settings.loss}; for outputs of shape {outputs.shape} and answers "
            f"of shape {answers.shape} it raises {settings.loss_error}",
            hint,
        )
    value = settings.loss_value
    if value is not None and any(
        math.isclose(value, expected * n, rel_tol=1e-4) for n in (1, len(answers))
    ):
        return
    if objective is CLASSIFICATION and _smoothing(run, settings) is not None:
        return
    if objective is CLASSIFICATION and value is not None:
        loss_of_logits = objective.loss(softmax(outputs), answers)
        if math.isclose(value, loss_of_logits, rel_tol=1e-3):
            hint = (
                "The model ends in softmax, so its outputs are probabilities, not logits: "
                "leave out `from_logits=True`."
            )
    amount = "not a finite number" if value is None else f"{value:.4f}"
    raise CheckFailedError(
        f"{subject} the loss {settings.loss}; on made-up outputs and answers it is {amount}, but "
        f"{objective.loss_words} is {expected:.4f}.",
        hint,
    )


def _smoothing(run: Run, settings: CompileSettings) -> float | None:
    """How far the compiled loss smooths the labels; None if it is no cross-entropy of theirs.

    With a smoothing of s, the loss is 1 - s times the cross-entropy of the true classes plus s
    times the mean over all classes.

    Source:
        keras.losses.CategoricalCrossentropy.
    """
    outputs, answers = run.given.probe.outputs, run.given.probe.answers
    shares = []
    for count, value in (
        (len(answers), settings.loss_value),
        (len(answers) // 2, settings.half_loss_value),
    ):
        if value is None:
            return None
        of_truth = run.objective.loss(outputs[:count], answers[:count])
        classes = range(outputs.shape[1])
        of_each = [
            run.objective.loss(outputs[:count], np.full_like(answers[:count], n)) for n in classes
        ]
        shares.append((value - of_truth) / (float(np.mean(of_each)) - of_truth))
    same = math.isclose(*shares, rel_tol=0.01)
    return shares[0] if same and 0 < shares[0] <= _MOST_SMOOTHING else None


def accuracy_is_reported(run: Run, finding: Finding) -> None:
    """One of the metrics is the share of samples whose class is right."""
    settings = compiled(run)
    expected = accuracy(run.given.probe.outputs, run.given.probe.answers)
    finding.show(metrics=dict(settings.metrics), expected=expected)
    for name, value in settings.metrics.items():
        if value is not None and math.isclose(value, expected, abs_tol=1e-6):
            finding.say(
                f"On made-up outputs and answers, the metric {name} is {value:.4f}, as expected."
            )
            return
    hint = 'Write `metrics=["accuracy"]` in `compile`.'
    if "loss_weights" in run.observed.compile_arguments:
        hint = f"The third argument of `compile` is `loss_weights`, not metrics. {hint}"
    if settings.metrics_error:
        raise CheckFailedError(f"The metrics raise {settings.metrics_error}", hint)
    names = ", ".join(settings.metrics) or "none"
    raise CheckFailedError(
        f"No metric is the accuracy, which is {expected:.4f} on made-up outputs and answers. "
        f"Compiled metrics: {names}.",
        hint,
    )
