"""Expectations of `build_model` and `compile_model`: what they do, not how they are written."""

from __future__ import annotations

import math

import numpy as np
from pydantic import ValidationError

from autograder.checks.diagnosis import NO_LEARNING_RATE, RECOMPILED, recompiled
from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.graded_model import GradedModel, is_distribution
from autograder.checks.measures import format_numbers
from autograder.checks.preconditions import reached
from autograder.checks.training_run import Run
from autograder.errors import ArchitectureError
from autograder.exercises import (
    BUILD_OTHER,
    CLASSIFICATION,
    GRADIENT,
    CompileSettings,
    FloatArray,
    Training,
    accuracy,
    softmax,
)
from autograder.exercises.architecture import Architecture, Description, decode

_LAST_LAYER_HINT = {
    "softmax": 'Give the last layer activation="softmax".',
    "linear": "Give the last layer no activation.",
}
_MOST_SMOOTHING = 0.2
_MUCH = 10
"""Times the course's limit that a step may be long if training then lowers the loss."""
_SMALL = GRADIENT[2] / GRADIENT[0]


def model_fits(run: Run, finding: Finding, outputs: int) -> None:
    """`build_model` builds a model for the data: right input shape, outputs, last activation.

    Args:
        run: The training run.
        finding: Takes what the check reports.
        outputs: How many numbers the model must output for each sample.
    """
    reached(run, "build_model")
    model = run.model
    if not isinstance(model, GradedModel):
        raise CheckFailedError("build_model built no model.", "Return a keras.Sequential.")
    sample_shape = run.given.x.shape[1:]
    if model.input_shape not in (None, sample_shape):
        raise CheckFailedError(
            f"The model takes samples of shape {model.input_shape}; one sample of the data has "
            f"shape {sample_shape}.",
            "Build the input from the arguments of build_model: keras.Input(...).",
        )
    finding.show(layers=list(model.layers), parameters=model.parameters)
    if model.output_shape != (outputs,):
        units = "1 unit" if outputs == 1 else f"{outputs} units; take the number from the argument"
        raise CheckFailedError(
            f"For each sample the model outputs an array of shape {model.output_shape}; its shape "
            f"must be {(outputs,)}.",
            f"End with a Dense layer of {units}.",
        )
    expected = "softmax" if run.objective is CLASSIFICATION else "linear"
    activation = model.last_activation
    if activation != expected and not _outputs_probabilities(run):
        reason = {
            "softmax": "only softmax outputs probabilities that sum to 1, one for each class",
            "linear": "it must be linear, so that the model can output any number",
        }
        raise CheckFailedError(
            f"The last layer's activation is {activation}; {reason[expected]}.",
            _LAST_LAYER_HINT[expected],
        )
    layers = "1 layer" if len(model.layers) == 1 else f"{len(model.layers)} layers"
    finding.say(f"The model fits the data; it has {model.parameters:,} weights in {layers}.")


def _outputs_probabilities(run: Run) -> bool:
    """Whether the outputs are probabilities, whichever layers make them so."""
    return run.objective is CLASSIFICATION and is_distribution(
        run.outputs(run.initial_weights, run.given.x)
    )


def built_for_other_sizes(run: Run, call: str, hint: str) -> Architecture | Description:
    """`build_model` builds a model for other sizes too.

    Args:
        run: The training run.
        call: How it was called, for messages.
        hint: One thing to do if it raised.

    Returns:
        The model that it built: its architecture, or what the sandbox said about it where it
        cannot be rebuilt. Both have `input_shape` and `output_shape`.
    """
    reached(run, "build_model")
    error = run.errors.get(BUILD_OTHER)
    if error is not None:
        raise CheckFailedError(f"{call} {error}", error.hint or hint)
    if run.observed.built_other is None:
        raise CheckFailedError(f"{call} returned no model.", "Return the model in every case.")
    try:
        return decode(run.observed.built_other)
    except ArchitectureError as refused:
        if run.way != "predicted":
            raise CheckFailedError(f"{call}: {refused.message}", refused.tip) from None
    try:
        return Description.model_validate(run.observed.built_other)
    except ValidationError:
        raise CheckFailedError(f"{call} returned no usable model.", hint) from None


def compiled(run: Run) -> CompileSettings:
    """The settings that `compile_model` made; the check fails if there are none."""
    reached(run, "compile_model")
    if run.observed.compiled is not None:
        return run.observed.compiled
    if run.observed.compiled_other:
        raise CheckFailedError(
            "compile_model compiled another model; the one that it was given is not compiled.",
            "Call compile on the argument `model` itself.",
        )
    raise CheckFailedError(
        "After compile_model(model) the model is not compiled.",
        "Call model.compile(optimizer=..., loss=..., metrics=[...]).",
    )


def optimizer_descends(run: Run, finding: Finding, example: str = '"adam"') -> None:
    """The optimizer's steps go against the gradient, and are not too large.

    Args:
        run: The training run.
        finding: Takes what the check reports.
        example: The optimizer that the hint suggests.
    """
    settings = compiled(run)
    finding.show(optimizer=settings.optimizer, learning_rate=settings.learning_rate)
    arguments = run.observed.compile_arguments
    if arguments and "optimizer" not in arguments:
        raise CheckFailedError(
            f"compile got no optimizer, so Keras took {settings.optimizer} with its default "
            f"learning rate, {settings.learning_rate}.",
            f"Name the optimizer: optimizer={example}.",
        )
    try:
        _require_descending_steps(settings, finding, example)
    except CheckFailedError:
        if _is_much_too_large(settings, finding) or not _lowered_the_loss(run, settings):
            raise
        finding.withdraw("largest_step")  # training shows what a step by itself does not
    training = run.observed.training
    if training is not None and training.compiled is not None:
        after = training.compiled.optimizer
        if after != settings.optimizer and _loss_is_lower(run, training):
            raise CheckFailedError(
                f"compile_model set {settings.optimizer}, but train_model compiled the model "
                f"again with {after}.",
                RECOMPILED,
            )
    rate = settings.learning_rate
    finding.say(
        f"{settings.optimizer}" + (f", learning rate {rate:g}." if rate is not None else ".")
    )


def _require_descending_steps(settings: CompileSettings, finding: Finding, example: str) -> None:
    """The optimizer's first steps go against the gradient, and are not too large."""
    if settings.learning_rate == 0:
        raise CheckFailedError(
            f"The learning rate of the optimizer {settings.optimizer} is 0: its steps add 0.",
            NO_LEARNING_RATE,
        )
    step = settings.unit_step
    if step is None or step.shape != (2,) or not step[0] < 0 < step[1]:
        what = "no step" if step is None else f"a step of ({format_numbers(step.tolist())})"
        raise CheckFailedError(
            f"For the gradient (1, -1) the optimizer {settings.optimizer} takes {what}; "
            "a step that lowers the loss has the opposite signs, (-, +).",
            f"Give compile one of Keras' optimizers, such as optimizer={example}.",
        )
    largest = float(np.abs(step).max())
    if not finding.at_most("largest_step", largest):
        raise CheckFailedError(
            f"For a gradient of 1 the optimizer {settings.optimizer} moves a weight by "
            f"{largest:g}; at most {finding.thresholds['largest_step']:g} passes.",
            f"The learning rate is too large ({settings.learning_rate}): try 0.01 or 0.001.",
        )


def _is_much_too_large(settings: CompileSettings, finding: Finding) -> bool:
    """Whether steps are so large that a training can end well only by chance."""
    step, most = settings.unit_step, finding.thresholds["largest_step"]
    return step is not None and float(np.abs(step).max()) > _MUCH * most


def _lowered_the_loss(run: Run, settings: CompileSettings) -> bool:
    """Whether training with these settings lowered the loss as far as it must."""
    training = run.observed.training
    if training is None or training.compiled is None:
        return False
    return training.compiled.optimizer == settings.optimizer and _loss_is_lower(run, training)


def _loss_is_lower(run: Run, training: Training) -> bool:
    """Whether training lowered the loss as far as it must; if not, another check says so."""
    least = run.thresholds.get("loss_drop")
    if least is None or training.weights is None or not run.way:
        return False
    after = run.training_loss(training.weights)
    return after <= (1 - least) * run.training_loss(run.initial_weights)


def optimizer_is_sgd(run: Run, finding: Finding) -> None:
    """As `optimizer_descends`; also, the steps are proportional to the gradient."""
    optimizer_descends(run, finding, "keras.optimizers.SGD(0.01)")
    if not steps_like_sgd(compiled(run).steps):
        raise CheckFailedError(
            f"The steps of the optimizer {compiled(run).optimizer} are not proportional to the "
            "gradient; those of gradient descent are the gradient times the learning rate.",
            "Use keras.optimizers.SGD, with or without momentum.",
        )


def optimizer_is_adam(run: Run, finding: Finding) -> None:
    """As `optimizer_descends`; also, a small gradient makes as long a step as a large one."""
    optimizer_descends(run, finding, '"adam"')
    if not steps_like_adam(compiled(run).steps):
        raise CheckFailedError(
            f"The optimizer {compiled(run).optimizer} does not take Adam's steps, whose length "
            "hardly depends on the size of the gradient.",
            'Use optimizer="adam", or keras.optimizers.Adam with your own learning rate.',
        )


def steps_like_sgd(steps: FloatArray | None) -> bool:
    """Whether a tenth of the gradient makes a tenth of the step, with momentum or not."""
    return steps is not None and bool(
        np.allclose(steps[:, 2], _SMALL * steps[:, 0], rtol=1e-3, atol=1e-12)
    )


def steps_like_adam(steps: FloatArray | None) -> bool:
    """Whether a tenth of a constant gradient makes steps of the same length, which stays so."""
    if steps is None:
        return False
    sizes = np.abs(steps)
    return bool(
        np.allclose(sizes[:, 2], sizes[:, 0], rtol=0.05)
        and np.allclose(sizes[1:, 0], sizes[0, 0], rtol=0.35)
    )


def loss_fits(run: Run, finding: Finding) -> None:
    """The compiled loss has the right value on made-up outputs and answers.

    Its name does not matter: any object or function that computes the same number passes.
    """
    settings = compiled(run)
    _require_loss(run, settings, finding, "compile_model set")
    training = run.observed.training
    if training is not None and recompiled(settings, training) and training.compiled is not None:
        _require_loss(run, training.compiled, finding, "train_model compiled the model again with")
    finding.say(
        f"On made-up outputs and answers, {settings.loss} is {settings.loss_value:.4f}, "
        "as expected."
    )


def _require_loss(run: Run, settings: CompileSettings, finding: Finding, subject: str) -> None:
    objective, probe = run.objective, run.given.probe
    outputs, answers = probe.outputs, probe.answers
    expected = objective.loss(outputs, answers)
    finding.show(loss=settings.loss, loss_value=settings.loss_value, expected=round(expected, 6))
    hint = f'The answers are {objective.answers_are}: use loss="{objective.loss_name}".'
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
                "leave out from_logits=True."
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
    hint = 'Write metrics=["accuracy"] in compile.'
    if "loss_weights" in run.observed.compile_arguments:
        hint = f"The third argument of compile is loss_weights, not metrics. {hint}"
    if settings.metrics_error:
        raise CheckFailedError(f"The metrics raise {settings.metrics_error}", hint)
    names = ", ".join(settings.metrics) or "none"
    raise CheckFailedError(
        f"No metric is the accuracy, which is {expected:.4f} on made-up outputs and answers. "
        f"Compiled metrics: {names}.",
        hint,
    )
