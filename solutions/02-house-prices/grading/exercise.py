"""02-house-prices: normalize features; build, compile and train a regression; predict prices."""

from __future__ import annotations

from typing import ClassVar, TypedDict

import keras
import numpy as np

from autograder.course import Seeds
from autograder.exercises import (
    REGRESSION,
    Exercise,
    GradingData,
    HeldOut,
    Student,
    TrainingGiven,
    TrainingObserved,
    build,
    compile_model,
    make_probe,
    numeric,
    train,
    type_name,
)

from ..houses import HOUSE_FEATURES, houses

UNIT = 10_000
OTHER_UNIT = 12_500
"""What the notebook's `UNIT` is in a second call of `predict_prices`."""
"""Models learn prices in units of this many dollars, as in the notebook."""
SAMPLES = 256
HELD_OUT_SAMPLES = 126
"""In practice, the other public sales. In grading, the 164 sales that only the grader has."""
EPOCHS = 30
"""Not the stub's default of 10, so that a stub that ignores `epochs` fails."""
LEFT_OUT = "recreation room"
"""A feature that models do not get, so that one built for all eleven fails; it says little."""
CURRENCIES = (0.55, 0.75)
"""What a dollar is worth in grading: weights trained on dollars do worse than the average."""
MADE_UP_HOUSES, MADE_UP_OTHERS, TWINS = 48, 24, 8
MADE_UP_CENTERS = (5000.0, 3.0, 1.3, 0.3, 0.7)
MADE_UP_SPREADS = (2000.0, 0.8, 0.5, 0.4, 0.9)
_ORDER, _CURRENCY, _COLUMNS, _PROBE, _QUESTIONS = range(5)
"""Each use of a seed has its own stream of random numbers."""


class Given(TrainingGiven):
    """What the student's functions get; features and prices are in the model's units.

    Attributes:
        scaling_train: Made-up features to normalize, shape (48, 5), float32.
        scaling_other: Made-up features of other houses, shape (24, 5), float32; the first 8 rows
            are those of `scaling_train`, the rest have other means and larger deviations.
        scaling_another: The same, with the means of the rest even farther away.
        pricing_x: Made-up normalized features, shape (24, 5), float32.
        pricing_weights: Kernel (5, 1) and bias (1,) of a model that prices them, float32.
    """

    scaling_train: np.ndarray
    scaling_other: np.ndarray
    scaling_another: np.ndarray
    pricing_x: np.ndarray
    pricing_weights: list[np.ndarray]


class Observed(TrainingObserved):
    """What `perform` observes; see `TrainingObserved`.

    Attributes:
        scaled_type: Class name of what `normalize` returned.
        scaled: Its two values as arrays, None for one that is not numeric; None if not a pair.
        scaled_again: The first of them, in a call with `scaling_another`.
        prices_type: Class name of what `predict_prices` returned.
        prices: That value as an array; None if it is not numeric.
        other_prices: The same when `UNIT` is `OTHER_UNIT`.
    """

    scaled_type: str = ""
    scaled: list[np.ndarray | None] | None = None
    scaled_again: np.ndarray | None = None
    prices_type: str = ""
    prices: np.ndarray | None = None
    other_prices: np.ndarray | None = None


class NormalizeFields(TypedDict, total=False):
    """What is observed of `normalize`; see `Observed`."""

    scaled_type: str
    scaled: list[np.ndarray | None] | None
    scaled_again: np.ndarray | None


class PriceFields(TypedDict, total=False):
    """What is observed of `predict_prices`; see `Observed`."""

    prices_type: str
    prices: np.ndarray | None
    other_prices: np.ndarray | None


class HousePrices(Exercise[Given, Observed]):
    """Normalize features; build, compile and train a regression; predict prices."""

    objective = REGRESSION
    signatures: ClassVar = {
        "normalize": ("x_train", "x_other"),
        "build_model": ("n_features",),
        "compile_model": ("model",),
        "train_model": ("model", "x", "y", "epochs"),
        "predict_prices": ("model", "x"),
    }

    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[Given, HeldOut]:
        """Draw the houses, and make up data for `normalize` and `predict_prices`."""
        x, price = houses()
        rest = np.random.default_rng([seeds.held_out, _ORDER]).permutation(len(x))
        if grading is None:
            held_out, rest = rest[:HELD_OUT_SAMPLES], rest[HELD_OUT_SAMPLES:]
            x_held_out, price_held_out = x[held_out], price[held_out]
        else:
            x_held_out, price_held_out = grading.read(".csv", houses)
        training = np.random.default_rng([seeds.training_draw, _ORDER]).permutation(rest)[:SAMPLES]
        x, price = x[training], price[training]

        columns = _columns(seeds, grading)
        mean, deviation = x.mean(axis=0), x.std(axis=0)
        dollar = _dollar(seeds, grading)
        questions = np.random.default_rng([seeds.shuffling, _QUESTIONS])
        made_up, other, another = _make_up_houses(questions)
        given = Given(
            x=((x - mean) / deviation)[:, columns],
            y=(price * dollar / UNIT).astype(np.float32),
            epochs=EPOCHS,
            shuffling=seeds.shuffling,
            start_seed=seeds.initial_weights,
            probe=make_probe(REGRESSION, 1, np.random.default_rng([seeds.shuffling, _PROBE])),
            scaling_train=made_up,
            scaling_other=other,
            scaling_another=another,
            pricing_x=questions.normal(0.2, 1, (MADE_UP_OTHERS, 5)).astype(np.float32),
            pricing_weights=_make_up_pricing(questions),
        )
        return given, HeldOut(
            x=((x_held_out - mean) / deviation)[:, columns],
            y=(price_held_out * dollar / UNIT).astype(np.float32),
        )

    def perform(self, student: Student, given: Given) -> Observed:
        """Call the student's functions, in the order of the lesson."""
        normalized = _normalize(student, given)
        model, built = build(student, given, *self.build_arguments(given))
        return Observed(
            **normalized,
            **built,
            **compile_model(student, given, model),
            **train(student, given, model, given.x, given.y, kwargs={"epochs": given.epochs}),
            **_predict_prices(student, given),
            signatures=student.signatures,
        )

    def build_arguments(self, given: Given) -> tuple[object, ...]:
        """The number of features."""
        return (given.x.shape[1],)

    def feature_names(self, seeds: Seeds, grading: GradingData | None) -> tuple[str, ...]:
        """The features that models get, in the order of this submission's columns."""
        return tuple(HOUSE_FEATURES[column] for column in _columns(seeds, grading))


def _columns(seeds: Seeds, grading: GradingData | None) -> np.ndarray:
    """The features that models get, in grading in another order than students know."""
    kept = np.array([n for n, name in enumerate(HOUSE_FEATURES) if name != LEFT_OUT])
    if grading is None:
        return kept
    return np.random.default_rng([seeds.training_draw, _COLUMNS]).permutation(kept)


def _dollar(seeds: Seeds, grading: GradingData | None) -> np.float32:
    """What a dollar is worth in the currency of the prices: 1 in practice, unknown in grading."""
    if grading is None:
        return np.float32(1)
    return np.float32(np.random.default_rng([seeds.training_draw, _CURRENCY]).uniform(*CURRENCIES))


def _make_up_houses(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Houses to normalize; the others have other means, so that using their own shows."""
    centers, spreads = np.array(MADE_UP_CENTERS), np.array(MADE_UP_SPREADS)
    train = rng.normal(centers, spreads, (MADE_UP_HOUSES, 5))
    twins = train[:TWINS]
    others = [
        np.concatenate(
            [twins, rng.normal(centers + shift * spreads, 2 * spreads, (MADE_UP_OTHERS - TWINS, 5))]
        )
        for shift in (1.5, 4.0)
    ]
    return train.astype(np.float32), others[0].astype(np.float32), others[1].astype(np.float32)


def _make_up_pricing(rng: np.random.Generator) -> list[np.ndarray]:
    """Weights of a layer whose prices are about 7 units, and differ by about 1."""
    kernel = rng.uniform(0.2, 0.8, (5, 1)) * rng.choice([-1, 1], (5, 1))
    return [kernel.astype(np.float32), rng.uniform(6, 8, 1).astype(np.float32)]


def _normalize(student: Student, given: Given) -> NormalizeFields:
    observed: NormalizeFields = {}
    train = given.scaling_train
    with student.step("normalize"):
        returned = student.call("normalize", train.copy(), given.scaling_other.copy())
        observed["scaled_type"] = type_name(returned)
        observed["scaled"] = _pair(returned)
        again = _pair(student.call("normalize", train.copy(), given.scaling_another.copy()))
        observed["scaled_again"] = None if again is None else again[0]
    return observed


def _pair(value: object) -> list[np.ndarray | None] | None:
    """Two values as arrays, if there are two."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:  # noqa: PLR2004
        return None
    return [numeric(item) for item in value]


def _predict_prices(student: Student, given: Given) -> PriceFields:
    observed: PriceFields = {}
    # Our own model: this does not depend on what the student built, or on how training went.
    model = keras.Sequential([keras.Input((given.pricing_x.shape[1],)), keras.layers.Dense(1)])
    model.set_weights(given.pricing_weights)
    with student.step("predict_prices"):
        returned = student.call("predict_prices", model, given.pricing_x.copy())
        observed["prices_type"] = type_name(returned)
        observed["prices"] = numeric(returned)
        with student.with_number("predict_prices", UNIT, OTHER_UNIT):
            returned = student.call("predict_prices", model, given.pricing_x.copy())
        observed["other_prices"] = numeric(returned)
    return observed
