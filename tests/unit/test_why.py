"""The sentence that says why weights changed: true for any figures."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_summaries import train

from autograder.feedback.evidence import format_number
from autograder.feedback.shares import percent
from autograder.feedback.why import why
from autograder.results import ArrayChange, TrainingSummary

NUMBER = re.compile(r"\N{MINUS SIGN}?\d[\d,]*(?:\.\d+)?(?:e[+\N{MINUS SIGN}]\d+)?")


def test_trained_network_is_told_by_its_largest_change_and_its_losses() -> None:
    """Worked out from the arrays of the same training."""
    summary = train()
    total = sum(change.change**2 for change in summary.changes)
    kernel = summary.changes[0]
    softness = round(100 * kernel.by_input[0] ** 2 / total)
    first, last = (format_number(float(loss or 0)) for loss in (summary.loss[0], summary.loss[-1]))
    assert why(summary) == (
        f"Most of the change ({round(100 * kernel.change**2 / total)}\u2009%) is in "
        f"`hidden kernel`, above all in the weights from softness ({softness}\u2009%), "
        f"which grew; the loss fell from {first} to {last} in 20 epochs."
    )


def test_training_that_moved_nothing_says_so() -> None:
    """The learning rate 0 leaves each bit, and the loss where it was."""
    assert why(train(rate=0)) == (
        "No weight moved: all 26 are the same to the last bit after training, so the loss stayed "
        "at 0.729."
    )


def test_arrays_that_stood_still_are_named() -> None:
    """Those that a student froze are told, or the one that moved if it is the only one."""
    one = train(frozen=("hidden kernel", "hidden bias", "output bias"))
    assert why(one).startswith("Only `output kernel` moved; the loss fell from 0.729 to")
    two = train(frozen=("hidden kernel", "hidden bias"))
    assert why(two).endswith("`hidden kernel` and `hidden bias` stood still.")


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ((0.7, 0.2), "the loss fell from 0.7 to 0.2 in 1 epoch."),
        ((0.2, 0.7), "the loss rose from 0.2 to 0.7 in 1 epoch."),
        ((0.2, 0.3, 900.0), "the loss exploded, rising from 0.2 to 900 in 2 epochs."),
        ((0.7, 0.70001), "the loss stayed at about 0.7 in 1 epoch."),
        ((0.7, None), "the loss began at 0.7 and did not end at a finite number."),
        ((None, 0.7), "the loss was not a finite number before training."),
        ((math.nan, None), "the loss was not a finite number before training."),
        ((0.7,), "is in `kernel`."),
        ((), "is in `kernel`."),
    ],
)
def test_loss_is_told_as_it_went(loss: tuple[float | None, ...], words: str) -> None:
    """It fell, rose, exploded, stayed, or is no number; the end of a sentence about a kernel."""
    assert why(summary_of(loss, change("kernel", 1.0))).endswith(words)


def test_summary_without_arrays_tells_the_loss_alone() -> None:
    """Weights that are not finite after training have no changes; nothing else is made up."""
    assert why(summary_of((0.7, None))) == (
        "The loss began at 0.7 and did not end at a finite number."
    )
    assert why(TrainingSummary()) == ""


def test_weights_that_are_not_finite_are_named() -> None:
    """A training that ended in NaN has no shares."""
    summary = summary_of((0.7, None), change("kernel", math.nan), change("bias", 1.0))
    assert why(summary) == (
        "After training, `kernel` has numbers that are not finite; the loss began at 0.7 and did "
        "not end at a finite number."
    )


def change(name: str, length: float, **fields: object) -> ArrayChange:
    """An array of six weights of which all moved, unless the length is 0."""
    values = {"shape": (3, 2), "weights": 6, "still": 0 if length else 6, "before": 1.0}
    return ArrayChange.model_validate({**values, "array": name, "change": length, **fields})


def summary_of(loss: tuple[float | None, ...], *changes: ArrayChange) -> TrainingSummary:
    """A summary with one loss for each epoch."""
    return TrainingSummary(changes=changes, loss=loss, epochs=tuple(range(len(loss))))


LENGTHS = st.one_of(st.just(0.0), st.floats(0, 1e30, allow_subnormal=False))
LOSSES = st.lists(st.one_of(st.none(), st.floats(allow_nan=True)), max_size=5)


@st.composite
def arrays(draw: st.DrawFn) -> ArrayChange:
    """Any array of three inputs."""
    lengths = tuple(draw(st.lists(LENGTHS, min_size=3, max_size=3)))
    return change(
        "kernel",
        math.hypot(*lengths),
        by_input=lengths,
        inputs=draw(st.sampled_from([(), ("a", "b", "c")])),
        still=0 if any(lengths) else 6,
    )


@given(LOSSES.map(tuple), st.lists(arrays(), max_size=5))
def test_every_number_of_the_sentence_is_a_figure(
    loss: tuple[float | None, ...], changes: list[ArrayChange]
) -> None:
    """Losses, the number of epochs, arrays or weights, and shares worked out anew: no other."""
    summary = summary_of(loss, *changes)
    total = math.hypot(*(each.change for each in changes))
    lengths = [n for each in changes for n in (each.change, *each.by_input)]
    shares = {percent((length / total) ** 2) for length in lengths if total}
    figures = {format_number(number) for number in loss if number is not None}
    still = sum(each.still == each.weights for each in changes)
    weights = sum(each.weights for each in changes)
    figures |= {str(n) for n in (len(loss) - 1, len(changes), still, weights)}
    figures |= {"1"} | {number for share in shares for number in NUMBER.findall(share)}
    sentence = re.sub("`[^`]*`", "", why(summary))
    numbers = set(NUMBER.findall(sentence))
    close = {str(int(n) + step) for n in figures if n.isdigit() for step in (-1, 1)}
    assert numbers <= figures | (close if "%" in sentence else set())


@given(st.floats(0, 1))
def test_percent_is_never_rounded_to_nothing_or_all(share: float) -> None:
    """A share of 0.4 % is not 0 %, and one of 99.9 % is not 100 %."""
    words = percent(share)
    assert (words == "0\u2009%") == (share == 0)
    assert (words == "100\u2009%") == (share == 1)
    assert words.startswith("less") or abs(float(words.split("\u2009")[0]) - 100 * share) <= 1
