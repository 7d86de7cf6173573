"""The checks of 02-house-prices.

Each test is one check of `course.yml`. `run` is the submission's training run; `finding` takes what
the check reports. The right features and prices are computed here, and so are loss, error and
weight changes, from the weights.
"""

from __future__ import annotations

import numpy as np

from autograder.checks import (
    CheckFailedError,
    Finding,
    TrainingRun,
    epochs,
    every_epoch_runs,
    every_weight_changes,
    format_numbers,
    held_out_error,
    history_is_honest,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_is_sgd,
    reached,
    require_array,
    trained,
    why_it_did_not_learn,
    with_article,
)
from autograder.exercises import FloatArray

from .exercise import OTHER_UNIT, TWINS, UNIT, Given, Observed

Run = TrainingRun[Given, Observed]

RETURN_BOTH = (
    "Return both arrays, the training houses first: `return x_train_scaled, x_other_scaled`."
)
SAME_FOR_BOTH = (
    "Compute the mean and standard deviation from `x_train` once, and use them for both arrays."
)


def test_normalize_scales_training(run: Run, finding: Finding) -> None:
    """The training features are normalized.

    Each column of the training houses gets mean 0 and standard deviation 1.
    """
    scaled, _ = both_scaled(run)
    means, deviations = scaled.mean(axis=0), scaled.std(axis=0)
    finding.show(means=means.tolist(), deviations=deviations.tolist())
    if any(similar(scaled, expected) for expected in normalized(run.given.scaling_train)):
        finding.say("Every training column has mean 0 and standard deviation 1.")
        return
    raise CheckFailedError(
        f"Five made-up columns came back with means {format_numbers(means.tolist())} and standard "
        f"deviations {format_numbers(deviations.tolist())}; they must be 0 and 1.",
        scaling_hint(run, scaled),
    )


def test_normalize_does_not_leak(run: Run, finding: Finding) -> None:
    """Held-out houses do not affect the scaling.

    The other houses are scaled like the training houses, and do not influence the scaling.

    Some of the others are twins of training houses. A twin must be scaled like its sibling, and the
    training houses must be scaled the same whatever the others are.
    """
    scaled, others = both_scaled(run)
    again, first = run.observed.scaled_again, run.given.scaling_train[0]
    if again is None or not similar(again, scaled):
        raise CheckFailedError(
            "With the same `x_train` but another `x_other`, the training houses were scaled "
            f"differently: {difference(scaled, again)}. Held-out data leak into the scaling.",
            "Compute mean and standard deviation from `x_train` alone, not from both together.",
        )
    if not similar(others[:TWINS], scaled[:TWINS]):
        raise CheckFailedError(
            f"A house with the features {format_numbers(first.tolist())} became "
            f"{format_numbers(scaled[0].tolist())} among the training houses, but "
            f"{format_numbers(others[0].tolist())} among the others.",
            leak_hint(run, others),
        )
    finding.say("Equal houses stay equal, and the held-out houses do not influence the scaling.")


def test_build_model_fits(run: Run, finding: Finding) -> None:
    """The model fits the data.

    The model takes as many features as there are, and outputs one number of any size.
    """
    model_fits(run, finding, outputs=1)


def test_compile_sets_sgd(run: Run, finding: Finding) -> None:
    """The optimizer is gradient descent.

    The optimizer is stochastic gradient descent, and its steps are not too large.
    """
    optimizer_is_sgd(run, finding)


def test_compile_loss_is_mse(run: Run, finding: Finding) -> None:
    """The loss is the mean squared error.

    The loss is the mean squared error.
    """
    loss_fits(run, finding)


def test_fit_returns_history(run: Run, finding: Finding) -> None:
    """The training history is returned.

    `train_model` returns the history of the training that it ran.
    """
    history_is_honest(run, finding)


def test_fit_runs_every_epoch(run: Run, finding: Finding) -> None:
    """Training runs for every epoch.

    `train_model` trains for as many epochs as it is asked to.
    """
    every_epoch_runs(run, finding)


def test_weights_stay_numbers(run: Run, finding: Finding) -> None:
    """Training does not explode.

    Training does not explode: no weight becomes NaN or infinite.
    """
    training = trained(run)
    if not training.epochs_run:
        raise CheckFailedError(
            "The model was not trained, so its weights are still the random ones.",
            why_it_did_not_learn(run, training),
        )
    if training.weights is None or training.diverged:
        kept = zip(training.epochs_kept, training.epoch_weights, strict=True)
        finite = max((epoch for epoch, weights in kept if weights is not None), default=0)
        raise CheckFailedError(
            f"Training exploded: the weights were numbers for {finite} of "
            f"{epochs(training.epochs_run)}, then NaN (not a number) or infinite.",
            why_it_did_not_learn(run, training),
        )
    largest = max(float(np.abs(weights).max()) for weights in training.weights)
    finding.show(largest_weight=largest)
    finding.say(f"Every weight is a number; the largest is {largest:.2f}.")


def test_loss_goes_down(run: Run, finding: Finding) -> None:
    """Training lowers the loss.

    Training lowers the loss on the training houses.
    """
    loss_goes_down(run, finding)


def test_every_weight_changes(run: Run, finding: Finding) -> None:
    """Every array of weights changes.

    Training moves every array of weights.
    """
    every_weight_changes(run, finding)


def test_prices_are_in_currency(run: Run, finding: Finding) -> None:
    """Prices are in currency, one per house.

    `predict_prices` turns the model's outputs into one price per house.
    """
    reached(run, "predict_prices")
    kernel, bias = run.given.pricing_weights
    expected = (run.given.pricing_x @ kernel + bias)[:, 0] * UNIT
    prices = require_array(
        "predict_prices",
        run.observed.prices_type,
        run.observed.prices,
        expected.shape,
        "Return one price for each house: `model.predict(x)[:, 0] * UNIT`.",
    )
    finding.show(expected=expected.tolist(), returned=prices.tolist())
    if run.observed.prices_type != "ndarray":
        raise CheckFailedError(
            f"`predict_prices` returned {with_article(run.observed.prices_type)}, not a NumPy "
            "array.",
            "`model.predict` returns a NumPy array; for a tensor, `return tensor.numpy()`.",
        )
    if not np.allclose(prices, expected, rtol=1e-4, atol=1):
        raise CheckFailedError(
            f"A model outputs {expected[0] / UNIT:.3f} units of {UNIT:,} for one house and "
            f"{expected[1] / UNIT:.3f} for the next, so they are worth {expected[0]:,.0f} and "
            f"{expected[1]:,.0f}; `predict_prices` returned {prices[0]:,.2f} and {prices[1]:,.2f}.",
            pricing_hint(run, prices, expected),
        )
    others = run.observed.other_prices
    if others is None or not np.allclose(others, expected / UNIT * OTHER_UNIT, rtol=1e-4, atol=1):
        raise CheckFailedError(
            f"When `UNIT` is {OTHER_UNIT:,} instead, the prices of `predict_prices` do not follow.",
            "Multiply by `UNIT` itself, not by a number of your own.",
        )
    finding.say(f"{len(prices)} prices, such as {prices[0]:,.0f}, as expected.")


def test_error_beats_average(run: Run, finding: Finding) -> None:
    """Predictions beat the average price.

    On unseen houses the error is well below that of always predicting the average.
    """
    held_out_error(run, finding)


def both_scaled(run: Run) -> tuple[FloatArray, FloatArray]:
    """The training houses and the other houses as `normalize` returned them."""
    reached(run, "normalize")
    scaled = run.observed.scaled
    if scaled is None or len(scaled) != 2:  # noqa: PLR2004 - training and other
        raise CheckFailedError(
            f"`normalize` returned {with_article(run.observed.scaled_type)}, not two arrays.",
            RETURN_BOTH,
        )
    train_shape, other_shape = run.given.scaling_train.shape, run.given.scaling_other.shape
    shapes = [None if array is None else array.shape for array in scaled]
    if shapes == [other_shape, train_shape]:
        raise CheckFailedError(
            f"`normalize` returned arrays of shapes {shapes[0]} and {shapes[1]}; the training "
            "houses "
            f"have shape {train_shape}, the others {other_shape}.",
            RETURN_BOTH,
        )
    hint = "Subtract a mean and divide by a standard deviation for each column; keep the shape."
    train, others = (
        require_array("normalize", run.observed.scaled_type, array, shape, hint)
        for array, shape in zip(scaled, (train_shape, other_shape), strict=True)
    )
    return train, others


def normalized(x: FloatArray) -> list[FloatArray]:
    """Columns of mean 0 and standard deviation 1, by the two usual standard deviations."""
    return [(x - x.mean(axis=0)) / x.std(axis=0, ddof=ddof) for ddof in (0, 1)]


def similar(first: FloatArray, second: FloatArray) -> bool:
    """Whether scaled features agree, up to rounding."""
    return first.shape == second.shape and bool(np.allclose(first, second, rtol=1e-3, atol=2e-3))


def scaling_hint(run: Run, scaled: FloatArray) -> str:
    """One thing to do about a wrong scaling: which other scaling it is."""
    x, others = run.given.scaling_train, run.given.scaling_other
    both = np.concatenate([x, others])
    low, high = x.min(axis=0), x.max(axis=0)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    rows = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    mistakes = {
        "These are the features as they came: subtract the mean, divide by the deviation.": x,
        "Divide by the standard deviation too, `x_train.std(axis=0)`.": x - mean,
        "Subtract the mean too, `x_train.mean(axis=0)`.": x / deviation,
        "Divide by the standard deviation, not by the variance.": (x - mean) / x.var(axis=0),
        "Scale by mean and standard deviation, not by minimum and maximum.": (x - low)
        / (high - low),
        "Take the mean and deviation of each column, `x_train.mean(axis=0)`, not of all numbers.": (
            x - x.mean()
        )
        / x.std(),
        "`axis=1` goes along the rows; the mean of each column is `x_train.mean(axis=0)`.": (
            x - rows[0]
        )
        / rows[1],
        "Compute mean and standard deviation from `x_train` alone, not from both together.": (
            x - both.mean(axis=0)
        )
        / both.std(axis=0),
    }
    for hint, wrong in mistakes.items():
        if similar(scaled, wrong):
            return hint
    return "For each column: `(x_train - x_train.mean(axis=0)) / x_train.std(axis=0)`."


def leak_hint(run: Run, others: FloatArray) -> str:
    """One thing to do about other houses that were scaled differently: what was done to them."""
    raw = run.given.scaling_other
    if similar(others, raw):
        return "Scale `x_other` too, by the mean and standard deviation of `x_train`."
    if any(similar(others, wrong) for wrong in normalized(raw)):
        return (
            "`x_other` was scaled by its own mean and standard deviation, which nobody knows in "
            "advance: use those of `x_train`."
        )
    return SAME_FOR_BOTH


def difference(scaled: FloatArray, again: FloatArray | None) -> str:
    """The first training house after the first and the second call, for a message."""
    if again is None or again.shape != scaled.shape:
        return "the second call did not return two arrays"
    first, second = format_numbers(scaled[0].tolist()), format_numbers(again[0].tolist())
    return f"the first house became {first}, then {second}"


def pricing_hint(run: Run, prices: FloatArray, expected: FloatArray) -> str:
    """One thing to do about wrong prices: what they are instead."""
    units = expected / UNIT
    kernel, bias = run.given.pricing_weights
    normalized_twice = [(x @ kernel + bias)[:, 0] * UNIT for x in normalized(run.given.pricing_x)]
    same_price = np.full_like(expected, expected[0])
    mistakes = [
        (units, "These are units: multiply by `UNIT` to get prices."),
        (expected * UNIT, "Multiply by `UNIT` once, not twice."),
        (units / UNIT, "Multiply by `UNIT`; do not divide."),
        (
            np.full_like(expected, expected.mean()),
            "Give each house its own price, not the average.",
        ),
        (same_price, "Give each house its own price: all of `model.predict(x)[:, 0]`."),
        *(
            (wrong, "`x` is already normalized: pass it to `model.predict` as it is.")
            for wrong in normalized_twice
        ),
    ]
    for wrong, hint in mistakes:
        if np.allclose(prices, wrong, rtol=1e-3, atol=0):
            return hint
    slope, base = np.polyfit(units, prices, 1)
    if np.allclose(prices, slope * units + base, rtol=1e-3, atol=1):
        return (
            f"Your prices are {slope:,.0f} times the units plus {base:,.0f}: multiply by `UNIT` "
            "only, because prices of your own are of no use in another currency."
        )
    return "Return the prices that the argument `model` predicts: `model.predict(x)[:, 0] * UNIT`."
