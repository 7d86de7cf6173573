"""02-house-prices: scale features, build, compile and train a regression, say prices."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from autograder.course import Seeds
from autograder.datasets.houses import HOUSE_FEATURES, houses
from autograder.exercises.draws import HeldOut, Private
from autograder.exercises.steps import (
    TrainingGiven,
    TrainingObserved,
    build,
    compile_,
    make_probe,
    train,
)
from autograder.exercises.student import Student
from autograder.exercises.values import numeric, type_name
from autograder.tasks import NUMBERS as TASK

UNIT = 10_000
"""Models learn prices in units of so much money, as the notebook says."""
SAMPLES = 256
HELD_OUT_SAMPLES = 126
"""In practice: what 382 public sales leave. In grading all private sales are held out."""
EPOCHS = 30
"""Not the stub's default of 10, so that a stub that ignores `epochs` shows."""
LEFT_OUT = "recreation room"
"""A feature that is not handed out, so that a model built for all eleven shows; it tells little."""
CURRENCIES = (0.55, 0.75)
"""What a dollar is worth in grading: what was fitted to dollars is then worse than the average."""
MADE_UP_HOUSES, MADE_UP_OTHERS, TWINS = 48, 24, 8
MADE_UP_CENTRES = (5000.0, 3.0, 1.3, 0.3, 0.7)
MADE_UP_SPREADS = (2000.0, 0.8, 0.5, 0.4, 0.9)
_ORDER, _CURRENCY, _COLUMNS, _PROBE, _QUESTIONS = range(5)
SIGNATURES = {
    "normalize": ("x_train", "x_other"),
    "build_model": ("n_features",),
    "compile_model": ("model",),
    "train_model": ("model", "x", "y", "epochs"),
    "predict_prices": ("model", "x"),
}
"""The student's functions, and the names of their arguments."""


class Given(TrainingGiven):
    """What the student's functions are handed; features and prices are in the model's units.

    Attributes:
        scaling_train: Made-up features to normalize, shape (48, 5), float32.
        scaling_other: Made-up features of others, shape (24, 5), float32; the first 8 rows are the
            first of `scaling_train`, the rest lie elsewhere.
        scaling_another: The same with the rest still farther away.
        pricing_x: Made-up normalized features, shape (24, 5), float32.
        pricing_weights: Kernel (5, 1) and bias (1,) of a model that prices them, float32.
    """

    scaling_train: np.ndarray
    scaling_other: np.ndarray
    scaling_another: np.ndarray
    pricing_x: np.ndarray
    pricing_weights: list[np.ndarray]


class Observed(TrainingObserved):
    """What `perform` saw; see `TrainingObserved`.

    Attributes:
        scaled_type: Class name of what `normalize` returned.
        scaled: Its two values as arrays, None for one that is not numeric; None if no pair.
        scaled_again: The first of them, when the other houses are others.
        prices_type: Class name of what `predict_prices` returned.
        prices: That value as an array; None if it is not numeric.
    """

    scaled_type: str = ""
    scaled: list[np.ndarray | None] | None = None
    scaled_again: np.ndarray | None = None
    prices_type: str = ""
    prices: np.ndarray | None = None


def prepare(seeds: Seeds, private: Private | None = None) -> tuple[Given, HeldOut]:
    """Draw the houses, and make up what the other functions are asked.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        private: What grading has besides; None in practice.

    Returns:
        What goes into the sandbox, and what stays outside.

    Raises:
        CourseError: If the private sales are missing.
    """
    x, price = houses()
    rest = np.random.default_rng([seeds.held_out, _ORDER]).permutation(len(x))
    if private is None:
        held_out, rest = rest[:HELD_OUT_SAMPLES], rest[HELD_OUT_SAMPLES:]
        x_held_out, price_held_out = x[held_out], price[held_out]
    else:
        x_held_out, price_held_out = private.read(".csv", houses)
    training = np.random.default_rng([seeds.training_draw, _ORDER]).permutation(rest)[:SAMPLES]
    x, price = x[training], price[training]

    columns = _columns(seeds, private)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    dollar = _dollar(seeds, private)
    questions = np.random.default_rng([seeds.shuffling, _QUESTIONS])
    train_made_up, other, another = _made_up_houses(questions)
    given = Given(
        x=((x - mean) / deviation)[:, columns],
        y=(price * dollar / UNIT).astype(np.float32),
        epochs=EPOCHS,
        shuffling=seeds.shuffling,
        start_seed=seeds.initial_weights,
        probe=make_probe(TASK, 1, np.random.default_rng([seeds.shuffling, _PROBE])),
        scaling_train=train_made_up,
        scaling_other=other,
        scaling_another=another,
        pricing_x=questions.normal(0.2, 1, (MADE_UP_OTHERS, 5)).astype(np.float32),
        pricing_weights=_made_up_pricing(questions),
    )
    return given, HeldOut(
        x=((x_held_out - mean) / deviation)[:, columns],
        y=(price_held_out * dollar / UNIT).astype(np.float32),
    )


def _columns(seeds: Seeds, private: Private | None) -> np.ndarray:
    """Which features are handed out, and in grading in another order than students know."""
    kept = np.array([n for n, name in enumerate(HOUSE_FEATURES) if name != LEFT_OUT])
    if private is None:
        return kept
    return np.random.default_rng([seeds.training_draw, _COLUMNS]).permutation(kept)


def _dollar(seeds: Seeds, private: Private | None) -> np.float32:
    """What a dollar is in the currency of the prices: 1 in practice, unknown in grading."""
    if private is None:
        return np.float32(1)
    return np.float32(np.random.default_rng([seeds.training_draw, _CURRENCY]).uniform(*CURRENCIES))


def _made_up_houses(draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Houses to normalize; the others lie elsewhere, so that their own mean shows."""
    centres, spreads = np.array(MADE_UP_CENTRES), np.array(MADE_UP_SPREADS)
    train = draw.normal(centres, spreads, (MADE_UP_HOUSES, 5))
    twins = train[:TWINS]
    others = [
        np.concatenate(
            [twins, draw.normal(centres + far * spreads, 2 * spreads, (MADE_UP_OTHERS - TWINS, 5))]
        )
        for far in (1.5, 4.0)
    ]
    return train.astype(np.float32), others[0].astype(np.float32), others[1].astype(np.float32)


def _made_up_pricing(draw: np.random.Generator) -> list[np.ndarray]:
    """A layer whose prices are about 7 units, and differ by about 1."""
    kernel = draw.uniform(0.2, 0.8, (5, 1)) * draw.choice([-1, 1], (5, 1))
    return [kernel.astype(np.float32), draw.uniform(6, 8, 1).astype(np.float32)]


def perform(student: Student, given: Given) -> Observed:
    """Call the student's functions, in the order of the lesson.

    Args:
        student: The student's namespace; troubles are noted there by the stub's name.
        given: From `prepare`.

    Returns:
        What was seen.
    """
    seen = _normalize(student, given)
    model, built = build(student, given, given.x.shape[1])
    seen |= built
    if model is not None:
        seen |= compile_(student, given, model)
        seen |= train(student, given, model, given.x, given.y, named={"epochs": given.epochs})
    seen |= _price(student, given)
    return Observed(**seen, signatures=student.signatures)


def _normalize(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    train = given.scaling_train
    with student.step("normalize"):
        returned = student.call("normalize", train.copy(), given.scaling_other.copy())
        seen["scaled_type"] = type_name(returned)
        seen["scaled"] = _pair(returned)
        again = _pair(student.call("normalize", train.copy(), given.scaling_another.copy()))
        seen["scaled_again"] = None if again is None else again[0]
    return seen


def _pair(value: object) -> list[np.ndarray | None] | None:
    """Two values as arrays, if there are two."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:  # noqa: PLR2004
        return None
    return [numeric(item) for item in value]


def _price(student: Student, given: Given) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    # A model of our own, so that this hangs neither on how training went nor on what was built.
    model = keras.Sequential([keras.Input((given.pricing_x.shape[1],)), keras.layers.Dense(1)])
    model.set_weights(given.pricing_weights)
    with student.step("predict_prices"):
        returned = student.call("predict_prices", model, given.pricing_x.copy())
        seen["prices_type"] = type_name(returned)
        seen["prices"] = numeric(returned)
    return seen
