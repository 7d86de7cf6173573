"""Expectations of `build_model` and `compile_model`: by what they do, not by names."""

from __future__ import annotations

import math

import numpy as np

from autograder.architecture import Architecture, decode
from autograder.arithmetic import FloatArray, accuracy, softmax
from autograder.checks.expect.diagnosis import NO_LEARNING_RATE, RECOMPILED, recompiled
from autograder.checks.expect.finding import CheckFailedError, Finding
from autograder.checks.expect.measures import shown
from autograder.checks.expect.reached import reached
from autograder.errors import ArchitectureError
from autograder.exercises.settings import GRADIENT, CompileSettings
from autograder.exercises.steps import BUILD_OTHER
from autograder.tasks import CLASSES
from autograder.training import TrainingRun

_LAST_ACTIVATION = {"softmax": "softmax", "linear": "no activation"}
_SMALL = GRADIENT[2] / GRADIENT[0]


def model_fits(run: TrainingRun, found: Finding, outputs: int) -> None:
    """`build_model` builds a model for the data: right input shape, outputs, last activation.

    Args:
        run: The training run.
        found: Takes what the check says.
        outputs: Numbers that the model is to give for a sample.
    """
    reached(run, "build_model")
    model = run.architecture
    if not isinstance(model, Architecture):
        raise CheckFailedError("build_model built no model.", "Return a keras.Sequential.")
    wanted = run.given.x.shape[1:]
    if model.input_shape != wanted:
        raise CheckFailedError(
            f"The model takes samples of shape {model.input_shape}; one sample of the data has "
            f"shape {wanted}.",
            "Build the input from the arguments of build_model: keras.Input(...).",
        )
    found.show(layers=[str(layer) for layer in model.layers], parameters=model.parameters)
    if model.output_shape != (outputs,):
        raise CheckFailedError(
            f"For a sample the model gives numbers of shape {model.output_shape}; it must give "
            f"{outputs}.",
            f"End with a Dense layer of {outputs} unit{'s' * (outputs > 1)}, from the argument.",
        )
    last, now = ("softmax" if run.exercise.TASK is CLASSES else "linear"), _activation(model)
    if now != last:
        raise CheckFailedError(
            f"The last layer's activation is {now}; "
            + (
                "only softmax gives one probability for each class, summing to 1."
                if last == "softmax"
                else "it must be linear, so that any number can come out."
            ),
            f"Give the last layer {_LAST_ACTIVATION[last]}.",
        )
    found.say(f"{len(model.layers)} layers with {model.parameters:,} weights fit the data.")


def built_for_other_sizes(run: TrainingRun, call: str, how: str) -> Architecture:
    """`build_model` builds a model for other sizes too.

    Args:
        run: The training run.
        call: How it was called, in messages.
        how: One thing to do where it raised.

    Returns:
        What it built.
    """
    reached(run, "build_model")
    trouble = run.troubles.get(BUILD_OTHER)
    if trouble is not None:
        raise CheckFailedError(f"{call} raised {trouble.kind}: {trouble.message}", how)
    if run.observed.built_other is None:
        raise CheckFailedError(f"{call} returned no model.", "Return the model in every case.")
    try:
        return decode(run.observed.built_other)
    except ArchitectureError as error:
        raise CheckFailedError(f"{call}: {error.message}", error.tip) from None


def _activation(model: Architecture) -> str:
    """The activation that the model's outputs went through last."""
    last = model.layers[-1]
    if last.kind in {"Softmax", "ReLU"}:
        return last.kind.lower()
    return str(getattr(last, "activation", "linear"))


def compiled(run: TrainingRun) -> CompileSettings:
    """The settings that `compile_model` made, or the reason why there are none."""
    reached(run, "compile_model")
    settings: CompileSettings | None = run.observed.compiled
    if settings is not None:
        return settings
    if run.observed.compiled_other:
        raise CheckFailedError(
            "compile_model compiled another model; the one that it was given is not compiled.",
            "Call compile on the argument `model` itself.",
        )
    raise CheckFailedError(
        "After compile_model(model) the model is not compiled.",
        "Call model.compile(optimizer=..., loss=..., metrics=[...]).",
    )


def optimizer_descends(run: TrainingRun, found: Finding, example: str = '"adam"') -> None:
    """The model has an optimizer; its steps go against the gradient, and are no leaps.

    Args:
        run: The training run.
        found: Takes what the check says.
        example: What the hint suggests.
    """
    settings = compiled(run)
    found.show(optimizer=settings.optimizer, learning_rate=settings.learning_rate)
    if settings.learning_rate == 0:
        raise CheckFailedError(
            f"The optimizer {settings.optimizer} has learning rate 0: its steps add 0.",
            NO_LEARNING_RATE,
        )
    steps = settings.steps
    if steps is None or steps.shape != (3, 3) or not (steps[0, 0] < 0 < steps[0, 1]):
        first = "no step" if steps is None else f"a step of {shown(steps.flat[:2].tolist())}"
        raise CheckFailedError(
            f"For the gradient (1, -1) the optimizer {settings.optimizer} takes {first}; "
            "a step that lowers the loss goes the other way, (-, +).",
            f"Give compile one of Keras' optimizers, such as optimizer={example}.",
        )
    largest = float(np.abs(steps[0]).max())
    if not found.at_most("largest_step", largest):
        raise CheckFailedError(
            f"For a gradient of 1 the optimizer {settings.optimizer} moves by {largest:g}; "
            f"at most {found.thresholds['largest_step']:g} passes.",
            f"The learning rate is too large ({settings.learning_rate}): try 0.01 or 0.001.",
        )
    training = run.observed.training
    if training is not None and training.compiled is not None:
        after = training.compiled.optimizer
        if after != settings.optimizer:
            raise CheckFailedError(
                f"compile_model set {settings.optimizer}, but train_model compiled the model "
                f"again with {after}.",
                RECOMPILED,
            )
    rate = settings.learning_rate
    found.say(f"{settings.optimizer}" + (f", learning rate {rate:g}." if rate is not None else "."))


def optimizer_is_sgd(run: TrainingRun, found: Finding) -> None:
    """Beside `optimizer_descends`: a smaller gradient makes a smaller step, in proportion."""
    optimizer_descends(run, found, "keras.optimizers.SGD(0.01)")
    if not steps_like_sgd(compiled(run).steps):
        raise CheckFailedError(
            f"The optimizer {compiled(run).optimizer} takes steps of its own size; those of "
            "gradient descent are the gradient times the learning rate.",
            "Use keras.optimizers.SGD, with or without momentum.",
        )


def optimizer_is_adam(run: TrainingRun, found: Finding) -> None:
    """Beside `optimizer_descends`: a small gradient makes as long a step as a large."""
    optimizer_descends(run, found, '"adam"')
    if not steps_like_adam(compiled(run).steps):
        raise CheckFailedError(
            f"The optimizer {compiled(run).optimizer} does not take Adam's steps, whose length "
            "hardly depends on the gradient's.",
            'Use optimizer="adam", or keras.optimizers.Adam with a learning rate of your own.',
        )


def steps_like_sgd(steps: FloatArray | None) -> bool:
    """Whether a tenth of the gradient makes a tenth of the step, with momentum or not."""
    return steps is not None and bool(
        np.allclose(steps[:, 2], _SMALL * steps[:, 0], rtol=1e-3, atol=1e-12)
    )


def steps_like_adam(steps: FloatArray | None) -> bool:
    """Whether steps are as long for a tenth of a constant gradient, and stay so."""
    if steps is None:
        return False
    sizes = np.abs(steps)
    return bool(
        np.allclose(sizes[:, 2], sizes[:, 0], rtol=0.05)
        and np.allclose(sizes[1:, 0], sizes[0, 0], rtol=0.35)
    )


def loss_fits(run: TrainingRun, found: Finding) -> None:
    """The compiled loss gives the value that fits the task, on made-up outputs and answers.

    It is known by what it computes, not by its name: any object or function that gives the same
    number passes.
    """
    settings = compiled(run)
    _insist_on_loss(run, settings, found, "compile_model set")
    training = run.observed.training
    if training is not None and recompiled(settings, training) and training.compiled is not None:
        _insist_on_loss(run, training.compiled, found, "train_model compiled the model again with")
    found.say(f"{settings.loss} gives {settings.loss_value:.4f} on the probe, as it should.")


def _insist_on_loss(run: TrainingRun, settings: CompileSettings, found: Finding, who: str) -> None:
    task, probe = run.exercise.TASK, run.given.probe
    outputs, answers = probe.outputs, probe.answers
    right = task.loss(outputs, answers)
    found.show(loss=settings.loss, loss_value=settings.loss_value, expected=round(right, 6))
    if settings.loss_error:
        raise CheckFailedError(
            f"{who} the loss {settings.loss}; for outputs of shape {outputs.shape} and answers of "
            f"shape {answers.shape} it raises {settings.loss_error}",
            f'The answers are {task.answers_are}: use loss="{task.loss_name}".',
        )
    value = settings.loss_value
    if value is not None and any(
        math.isclose(value, right * n, rel_tol=1e-4) for n in (1, len(answers))
    ):
        return
    said = "no finite number" if value is None else f"{value:.4f}"
    hint = f'The answers are {task.answers_are}: use loss="{task.loss_name}".'
    if task is CLASSES and value is not None:
        twice = task.loss(softmax(outputs), answers)
        if math.isclose(value, twice, rel_tol=1e-3):
            hint = (
                "The model ends in softmax, so its outputs are no logits: "
                "leave out from_logits=True."
            )
    raise CheckFailedError(
        f"{who} the loss {settings.loss}; on the probe it gives {said}, "
        f"{task.loss_words} is {right:.4f}.",
        hint,
    )


def accuracy_is_reported(run: TrainingRun, found: Finding) -> None:
    """One of the metrics is the share of samples whose class is right."""
    settings = compiled(run)
    right = accuracy(run.given.probe.outputs, run.given.probe.answers)
    found.show(metrics=dict(settings.metrics), expected=right)
    for name, value in settings.metrics.items():
        if value is not None and math.isclose(value, right, abs_tol=1e-6):
            found.say(f"The metric {name} gives {value:.4f} on the probe, as it should.")
            return
    if settings.metrics_error:
        raise CheckFailedError(
            f"The metrics raise {settings.metrics_error}",
            'Write metrics=["accuracy"] in compile.',
        )
    names = ", ".join(settings.metrics) or "none"
    raise CheckFailedError(
        f"No metric gives the accuracy, {right:.4f} on the probe. Metrics found: {names}.",
        'Write metrics=["accuracy"] in compile.',
    )
