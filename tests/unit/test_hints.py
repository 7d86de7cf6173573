"""Hints are true to their cause, and numbers in messages do not contradict each other."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from autograder.checks import (
    TrainingRun,
    format_apart,
    format_number,
    format_share,
    why_it_did_not_learn,
)
from autograder.checks.advice import advice
from autograder.checks.diagnosis import why_epochs_are_missing
from autograder.exercises import (
    CLASSIFICATION,
    CompileSettings,
    FloatArray,
    Student,
    StudentError,
    Training,
)

FALLING = (1.0, 0.96, 0.92, 0.88, 0.85)
"""The loss before training and after each of four epochs: every step is too short."""
STILL = (1.0, 0.97, 0.968, 0.967, 0.967)
"""As above, of a training on other labels: it goes nowhere."""


CREEPING = (1.0, 0.9995, 0.999, 0.9985, 0.998)
"""As above, with steps so short that the loss hardly moves."""


def settings(
    rate: float | None, loss_error: str = "", unit_step: float | None = None
) -> CompileSettings:
    """Compile settings with a learning rate."""
    return CompileSettings(
        unit_step=None if unit_step is None else np.array([-unit_step, unit_step], np.float32),
        optimizer="SGD",
        learning_rate=rate,
        steps=None,
        loss="sparse_categorical_crossentropy",
        loss_value=None,
        loss_error=loss_error,
        metrics={},
    )


def weights_of(loss: float) -> list[FloatArray]:
    """Weights of a model whose only weight is its loss."""
    return [np.array([loss], np.float32)]


def fake_run(compiled: CompileSettings | None, **fields: Any) -> TrainingRun[Any, Any]:
    """A run of that model, which was asked for four epochs."""
    observed = types.SimpleNamespace(
        compiled=compiled, signatures={}, compile_arguments={}, **fields.pop("observed", {})
    )
    run = types.SimpleNamespace(
        objective=CLASSIFICATION,
        given=types.SimpleNamespace(epochs=4),
        observed=observed,
        initial_weights=weights_of(1.0),
        training_loss=lambda weights: float(weights[0][0]),
        **{"signatures": {"train_model": ("model",)}, "cell_errors": {}, **fields},
    )
    return cast("TrainingRun[Any, Any]", run)


def hint_for(
    losses: Sequence[float],
    rate: float | None = 0.001,
    reported: float | Sequence[float] | None = None,
    unit_step: float | None = None,
) -> str:
    """The hint for a training with these losses, the first of which is before it.

    Args:
        losses: The losses.
        rate: The learning rate.
        reported: What `fit` reported: of the last epoch, or of each.
        unit_step: The optimizer's step for a gradient of 1.
    """
    compiled = settings(rate, unit_step=unit_step)
    logged = [None, None, None, reported] if isinstance(reported, float) else reported
    epoch_weights = [weights_of(loss) for loss in losses[1:]]
    training = Training(
        compiled=compiled,
        epochs_run=len(epoch_weights),
        epochs_kept=list(range(1, len(epoch_weights) + 1)),
        epoch_weights=list(epoch_weights),
        weights=epoch_weights[-1],
        logged={} if logged is None else {"loss": list(logged)},
    )
    return why_it_did_not_learn(fake_run(compiled), training)


@pytest.mark.parametrize(("rate", "larger"), [(0.001, "0.01"), (0.1, "0.3"), (1.0, "3")])
def test_training_that_still_lowers_the_loss_needs_longer_steps(rate: float, larger: str) -> None:
    """Neither the labels nor a learning rate that is too large is to blame."""
    hint = hint_for(FALLING, rate, reported=0.86)
    assert "still falling" in hint
    assert f"such as {larger}," in hint
    assert "stays with its sample" not in hint
    assert "too large" not in hint


def test_training_that_goes_nowhere_may_have_the_wrong_labels() -> None:
    """The hint about labels stays for a training whose loss hardly moves."""
    assert "stays with its sample" in hint_for(STILL)


def test_falling_loss_that_fit_did_not_see_is_of_other_data() -> None:
    """Where `fit` reports another loss, it trained on something else."""
    assert "stays with its sample" in hint_for(FALLING, reported=2.0)


def test_loss_that_creeps_as_fit_reports_needs_longer_steps() -> None:
    """However little the loss fell: it is the one that `fit` saw in every epoch."""
    hint = hint_for(CREEPING, reported=[0.9998, 0.9993, 0.9988, 0.9983])
    assert "still falling" in hint
    assert "such as 0.01," in hint


def test_steps_far_shorter_than_the_rate_need_a_rate_of_one() -> None:
    """Ten times Adadelta's usual rate would hardly do more."""
    hint = hint_for(CREEPING, 0.001, [0.9998, 0.9993, 0.9988, 0.9983], unit_step=1.4e-6)
    assert "such as 1," in hint
    moving = hint_for(FALLING, 0.001, [0.98, 0.94, 0.9, 0.86], unit_step=1e-6)
    assert "such as 0.01," in moving


def test_batch_normalization_that_learned_nothing_needs_faster_averages() -> None:
    """With Keras' momentum of 0.99 the averages lag behind a short training."""
    weights = [weights_of(loss) for loss in STILL[1:]]
    training = Training(epochs_run=4, epoch_weights=list(weights), weights=weights[-1])
    run = fake_run(settings(0.01), arrays=["batch_normalization moving_mean"])
    assert "momentum=0.9" in why_it_did_not_learn(run, training)


def test_weights_that_hardly_moved_need_longer_steps_whatever_fit_reports() -> None:
    """With dropout the loss that `fit` reports is another one than that of the whole model."""
    hint = hint_for(CREEPING, 0.001, [2.0, 2.1, 1.9, 2.2], unit_step=1.4e-6)
    assert hint.startswith("The weights hardly moved, by at most 0.002")
    assert "such as 1," in hint


def test_optimizer_without_a_learning_rate_gets_a_hint_too() -> None:
    """A schedule has no single number to quote."""
    assert hint_for(FALLING, None).endswith("Use a larger learning rate.")


@pytest.mark.parametrize(
    ("training", "words"),
    [
        (Training(epochs_run=3, stopped=True), "as `EarlyStopping` does"),
        (Training(epochs_run=1), "after one epoch"),
        (Training(epochs_run=3), "Pass the argument on"),
    ],
)
def test_missing_epochs_are_explained_by_what_ended_the_training(
    training: Training, words: str
) -> None:
    """Who passed `epochs` on is not told to pass it on."""
    assert words in why_epochs_are_missing(training)


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        ("TypeError", "f() missing 1 required positional argument: 'y'", "every argument"),
        ("TypeError", "f() takes 2 positional arguments but 3 were given", "name them"),
        ("TypeError", "fit() got an unexpected keyword argument 'epoch'", "`epochs`"),
        ("TypeError", "'NoneType' object is not subscriptable", "`return`"),
        ("ValueError", "You must call `compile()` before using the model.", "`model.compile(...)`"),
        ("AttributeError", "'Sequential' object has no attribute 'train'", "`help(model)`"),
        ("AttributeError", "'list' object has no attribute 'shape'", "`type(...)`"),
        ("ValueError", "Shapes (3,) and (4,) are incompatible", "shapes"),
        ("ModuleNotFoundError", "No module named 'sklearn'", "first cell"),
        ("FileNotFoundError", "No such file: 'a.csv'", "the function gets"),
        ("IndexError", "list index out of range", "length"),
        ("KeyError", "'acc'", "keys"),
        ("TypeError", "..., hence its learning rate is not settable. If you", "Choose one"),
        ("UnboundLocalError", "cannot access local variable 'h'", "every branch"),
        ("RecursionError", "maximum recursion depth exceeded", "calls itself"),
        ("ZeroDivisionError", "division by zero", "just before line 3 of `train_model`"),
        ("MyOwnError", "", "just before line 3 of `train_model`"),
    ],
)
def test_exception_gets_advice(kind: str, message: str, words: str) -> None:
    """The hint says what to do; it neither quotes the exception nor asks to read it again."""
    error = StudentError(kind=kind, message=message, cell="train_model", line=3)
    hint = advice(fake_run(settings(0.1)), "train_model", error)
    assert words in hint
    assert "last line" not in hint
    assert not message or message not in hint


def test_exception_of_unknown_place_gets_advice_about_its_function() -> None:
    """Without a line, the hint names the function."""
    hint = advice(
        fake_run(settings(0.1)), "train_model", StudentError(kind="MyOwnError", message="x")
    )
    assert hint.startswith("Print what the code works with in `train_model`")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000"),
        (0.4123, "0.412"),
        (0.0123, "0.012"),
        (0.00456, "0.0046"),
        (9.54e-7, "9.5e-07"),
        (-9.54e-7, "-9.5e-07"),
        (12.5, "12.500"),
    ],
)
def test_small_number_keeps_its_digits(value: float, text: str) -> None:
    """A change that is not zero is never shown as zero."""
    assert format_number(value) == text


def test_value_that_misses_its_bound_looks_different() -> None:
    """Both have as many digits as it takes."""
    assert format_apart(0.5, 0.4) == ("0.500", "0.400")
    assert format_apart(0.70004, 0.7) == ("0.70004", "0.70000")
    assert format_share(0.8996, 0.9) == "89.96%"
    assert format_share(0.75, 0.9) == "75.0%"


def test_error_in_a_cell_of_jupyter_names_its_function() -> None:
    """The place is the function that the student wrote, not "notebook"."""
    names: dict[str, object] = {}
    source = "def helper(x):\n    return int(x)\n\ndef train_model(x):\n    return helper(x)\n"
    exec(compile(source, "/tmp/ipykernel_1/2.py", "exec"), names)  # noqa: S102, S108 - as Jupyter
    student = Student(names)
    with student.step("train_model"):
        student.call("train_model", "three")
    assert student.errors["train_model"].place == " (cell helper, line 2)"
