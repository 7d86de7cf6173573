"""The checks of 02-house-prices.

Each test is one check of `course.yml`. `run` is the submission's training run; `found` takes what
the check wants to say. The scaled features and the prices that a right answer gives are computed
here, and so are loss, error and weight changes, from the weights.
"""

from __future__ import annotations

import numpy as np

from autograder.arithmetic import FloatArray
from autograder.checks.expect import (
    CheckFailedError,
    Finding,
    a,
    an_array,
    every_epoch_runs,
    every_weight_changes,
    held_out_error,
    history_is_honest,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_is_sgd,
    reached,
    shown,
    trained,
)
from autograder.checks.expect.diagnosis import epochs, why_it_did_not_learn
from autograder.exercises.exercise_02_house_prices import TWINS, UNIT
from autograder.training import TrainingRun

RETURN_BOTH = "Return both arrays, the training houses first: return x_train_scaled, x_other_scaled"
SAME_FOR_BOTH = (
    "Compute mean and standard deviation from x_train once, and use them for both arrays."
)


def test_normalize_scales_training(run: TrainingRun, found: Finding) -> None:
    """Each training column gets mean 0 and standard deviation 1."""
    scaled, _ = both_scaled(run)
    means, deviations = scaled.mean(axis=0), scaled.std(axis=0)
    found.show(means=means.tolist(), deviations=deviations.tolist())
    if any(alike(scaled, right) for right in rightly_scaled(run.given.scaling_train)):
        found.say("Every training column has mean 0 and standard deviation 1.")
        return
    raise CheckFailedError(
        f"Five made-up columns came back with means {shown(means.tolist())} and standard "
        f"deviations {shown(deviations.tolist())}; they must be 0 and 1.",
        scaling_hint(run, scaled),
    )


def test_normalize_does_not_leak(run: TrainingRun, found: Finding) -> None:
    """The other houses are scaled as the training houses are, and have no say in how.

    Some of the others are twins of training houses. A twin must come out like its sister, and no
    training house may come out differently when the others are others.
    """
    scaled, others = both_scaled(run)
    again, first = run.observed.scaled_again, run.given.scaling_train[0]
    if again is None or not alike(again, scaled):
        raise CheckFailedError(
            "With the same training houses but other x_other, the training houses came out "
            f"differently: {moved(scaled, again)}. Held-out data leak into the scaling.",
            "Compute mean and standard deviation from x_train alone, not from both together.",
        )
    if not alike(others[:TWINS], scaled[:TWINS]):
        raise CheckFailedError(
            f"A house with the features {shown(first.tolist())} became {shown(scaled[0].tolist())} "
            f"among the training houses, but {shown(others[0].tolist())} among the others.",
            leak_hint(run, others),
        )
    found.say("Equal houses come out equal, and the held-out ones have no say in the scaling.")


def test_build_model_fits(run: TrainingRun, found: Finding) -> None:
    """The model takes as many features as there are, and gives one number of any size."""
    model_fits(run, found, outputs=1)


def test_compile_sets_sgd(run: TrainingRun, found: Finding) -> None:
    """The optimizer is stochastic gradient descent; its steps are no leaps."""
    optimizer_is_sgd(run, found)


def test_compile_loss_is_mse(run: TrainingRun, found: Finding) -> None:
    """The loss is the mean squared error."""
    loss_fits(run, found)


def test_fit_returns_history(run: TrainingRun, found: Finding) -> None:
    """`train_model` returns the history of the training that it ran."""
    history_is_honest(run, found)


def test_fit_runs_every_epoch(run: TrainingRun, found: Finding) -> None:
    """`train_model` trains for as many epochs as it is asked to."""
    every_epoch_runs(run, found)


def test_weights_stay_numbers(run: TrainingRun, found: Finding) -> None:
    """Training does not explode: no weight becomes NaN or infinite."""
    seen = trained(run)
    if not seen.epochs_run:
        raise CheckFailedError(
            "The model was not trained, so its weights are still the random ones.",
            why_it_did_not_learn(run, seen),
        )
    if seen.weights is None or seen.diverged:
        good = sum(weights is not None for weights in seen.epoch_weights)
        raise CheckFailedError(
            f"Training exploded: after {epochs(good)} of {seen.epochs_run} the weights were "
            "numbers, then NaN, not a number, or infinite.",
            why_it_did_not_learn(run, seen),
        )
    largest = max(float(np.abs(weights).max()) for weights in seen.weights)
    found.show(largest_weight=largest)
    found.say(f"Every weight is a number; the largest is {largest:.2f}.")


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """Training lowers the loss on the training houses."""
    loss_goes_down(run, found)


def test_every_weight_changes(run: TrainingRun, found: Finding) -> None:
    """Training moves every array of weights."""
    every_weight_changes(run, found)


def test_prices_are_in_currency(run: TrainingRun, found: Finding) -> None:
    """`predict_prices` turns what the model gives into one price a house."""
    reached(run, "predict_prices")
    kernel, bias = run.given.pricing_weights
    right = (run.given.pricing_x @ kernel + bias)[:, 0] * UNIT
    prices = an_array(
        "predict_prices",
        run.observed.prices_type,
        run.observed.prices,
        right.shape,
        "Give one price for each house: model.predict(x)[:, 0], times UNIT.",
    )
    found.show(expected=right.tolist(), returned=prices.tolist())
    if not np.allclose(prices, right, rtol=1e-4, atol=1):
        raise CheckFailedError(
            f"A model gives {right[0] / UNIT:.3f} units of {UNIT:,} for a house and "
            f"{right[1] / UNIT:.3f} for the next, so they are worth {right[0]:,.0f} and "
            f"{right[1]:,.0f}; predict_prices returned {prices[0]:,.2f} and {prices[1]:,.2f}.",
            pricing_hint(run, prices, right),
        )
    found.say(f"{len(prices)} prices, such as {prices[0]:,.0f}, as they should be.")


def test_error_beats_average(run: TrainingRun, found: Finding) -> None:
    """On houses that were never seen the error is well below that of always saying the average."""
    held_out_error(run, found)


def both_scaled(run: TrainingRun) -> tuple[FloatArray, FloatArray]:
    """The training houses and the others as `normalize` returned them."""
    reached(run, "normalize")
    scaled = run.observed.scaled
    if scaled is None or len(scaled) != 2:  # noqa: PLR2004 - training and other
        raise CheckFailedError(
            f"normalize returned {a(run.observed.scaled_type)}, not two arrays.", RETURN_BOTH
        )
    wanted = run.given.scaling_train, run.given.scaling_other
    shapes = [None if array is None else array.shape for array in scaled]
    if shapes == [wanted[1].shape, wanted[0].shape]:
        raise CheckFailedError(
            f"normalize returned arrays of shapes {shapes[0]} and {shapes[1]}; the training houses "
            f"have shape {wanted[0].shape}, the others {wanted[1].shape}.",
            RETURN_BOTH,
        )
    how = "Subtract a mean and divide by a standard deviation for each column; keep the shape."
    train, others = (
        an_array("normalize", run.observed.scaled_type, array, right.shape, how)
        for array, right in zip(scaled, wanted, strict=True)
    )
    return train, others


def rightly_scaled(x: FloatArray) -> list[FloatArray]:
    """Columns of mean 0 and standard deviation 1; divided by samples, or by samples - 1."""
    return [(x - x.mean(axis=0)) / x.std(axis=0, ddof=ddof) for ddof in (0, 1)]


def alike(one: FloatArray, other: FloatArray) -> bool:
    """Whether scaled features agree, but for rounding."""
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-3, atol=2e-3))


def scaling_hint(run: TrainingRun, scaled: FloatArray) -> str:
    """Which other scaling it is that was returned."""
    x, others = run.given.scaling_train, run.given.scaling_other
    both = np.concatenate([x, others])
    low, high = x.min(axis=0), x.max(axis=0)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    rows = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    mistakes = {
        "These are the features as they came: subtract the mean, divide by the deviation.": x,
        "Divide by the standard deviation too, x_train.std(axis=0).": x - mean,
        "Subtract the mean too, x_train.mean(axis=0).": x / deviation,
        "Divide by the standard deviation, not by the variance.": (x - mean) / x.var(axis=0),
        "Scale by mean and standard deviation, not by minimum and maximum.": (x - low)
        / (high - low),
        "Take mean and deviation of each column: x_train.mean(axis=0), not of all numbers.": (
            x - x.mean()
        )
        / x.std(),
        "axis=1 goes along the rows; the mean of each column is x_train.mean(axis=0).": (
            x - rows[0]
        )
        / rows[1],
        "Compute mean and standard deviation from x_train alone, not from both together.": (
            x - both.mean(axis=0)
        )
        / both.std(axis=0),
    }
    for hint, wrong in mistakes.items():
        if alike(scaled, wrong):
            return hint
    return "For each column: (x_train - x_train.mean(axis=0)) / x_train.std(axis=0)."


def leak_hint(run: TrainingRun, others: FloatArray) -> str:
    """What was done to the other houses instead."""
    raw = run.given.scaling_other
    if alike(others, raw):
        return "Scale x_other too, by the mean and the standard deviation of x_train."
    if any(alike(others, wrong) for wrong in rightly_scaled(raw)):
        return (
            "x_other was scaled by its own mean and standard deviation, which nobody knows before "
            "the houses are sold: use those of x_train."
        )
    return SAME_FOR_BOTH


def moved(scaled: FloatArray, again: FloatArray | None) -> str:
    """The columns of the first training house, before and after."""
    if again is None or again.shape != scaled.shape:
        return "the second time there were no two arrays"
    return f"the first was {shown(scaled[0].tolist())}, then {shown(again[0].tolist())}"


def pricing_hint(run: TrainingRun, prices: FloatArray, right: FloatArray) -> str:
    """What was returned instead of prices."""
    units = right / UNIT
    kernel, bias = run.given.pricing_weights
    twice = [(x @ kernel + bias)[:, 0] * UNIT for x in rightly_scaled(run.given.pricing_x)]
    mistakes = [
        (units, "These are units: multiply by UNIT to get prices."),
        (right * UNIT, "Multiply by UNIT once, not twice."),
        (units / UNIT, "Multiply by UNIT; do not divide."),
        (np.full_like(right, right.mean()), "Give each house its own price, not the average."),
        (right[0] + 0 * right, "Give each house its own price: all of model.predict(x)[:, 0]."),
        *(
            (wrong, "x is normalized already: give it to model.predict as it comes.")
            for wrong in twice
        ),
    ]
    for wrong, hint in mistakes:
        if np.allclose(prices, wrong, rtol=1e-3, atol=0):
            return hint
    slope, base = np.polyfit(units, prices, 1)
    if np.allclose(prices, slope * units + base, rtol=1e-3, atol=1):
        return (
            f"Your prices are {slope:,.0f} times the units plus {base:,.0f}: only UNIT belongs "
            "there, for prices of your own are of no use in another currency."
        )
    return "Price what the argument `model` predicts for x: model.predict(x)[:, 0] * UNIT."
