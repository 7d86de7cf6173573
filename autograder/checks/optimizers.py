"""Expectations of the optimizer that `compile_model` sets: what its steps do."""

from __future__ import annotations

import numpy as np

from autograder.checks.compiling import compiled
from autograder.checks.diagnosis import NO_LEARNING_RATE, RECOMPILED
from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.measures import format_numbers
from autograder.checks.training_run import Run
from autograder.exercises import GRADIENT, CompileSettings, FloatArray, Training

_MUCH = 10
"""Times the course's limit that a step may be long if training then lowers the loss."""
_SMALL = GRADIENT[2] / GRADIENT[0]


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
            f"`compile` got no optimizer, so Keras took {settings.optimizer} with its default "
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
                f"`compile_model` set {settings.optimizer}, but `train_model` compiled the model "
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
            f"Give `compile` one of Keras' optimizers, such as `optimizer={example}`.",
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
    if least is None or training.weights is None or not run.outputs_from:
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
            "Use `keras.optimizers.SGD`, with or without momentum.",
        )


def optimizer_is_adam(run: Run, finding: Finding) -> None:
    """As `optimizer_descends`; also, a small gradient makes as long a step as a large one."""
    optimizer_descends(run, finding, '"adam"')
    if not steps_like_adam(compiled(run).steps):
        raise CheckFailedError(
            f"The optimizer {compiled(run).optimizer} does not take Adam's steps, whose length "
            "hardly depends on the size of the gradient.",
            'Use `optimizer="adam"`, or `keras.optimizers.Adam` with your own learning rate.',
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
