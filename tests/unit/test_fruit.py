"""The data of the first assignment."""

from __future__ import annotations

import runpy

import numpy as np
from courses import NAME, ROOT

FRUIT = runpy.run_path(str(ROOT / "solutions" / NAME / "fruit.py"))


def test_fruit_is_balanced_centered_and_separable() -> None:
    """Half the fruit is ripe, and the plane between the clouds separates nearly all."""
    x, y = FRUIT["fruit"](1000, 5)
    assert x.shape == (1000, 3)
    assert x.dtype.name == "float32"
    assert y.dtype.name == "int64"
    assert y.mean() == 0.5
    assert np.abs(x.mean(axis=0)).max() < 1
    assert np.mean((x.sum(axis=1) > 0) == y) > 0.98


def test_lesson_samples_are_those_of_the_lesson() -> None:
    """There are four samples with three features and alternating labels."""
    x, y = FRUIT["lesson_samples"]()
    assert x.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]
    assert y.tolist() == [0, 1, 0, 1]


def test_another_orchard_is_of_no_use_for_what_was_learned() -> None:
    """The best classifier of one orchard is right in at most three of four cases in another."""
    for seed in range(20):
        x, y = FRUIT["fruit"](2000, seed, FRUIT["orchard"](seed))
        assert np.mean((x @ np.array(FRUIT["RIPE_FRUIT"]) > 0) == y) < 0.75
        assert np.mean((x @ np.array(FRUIT["orchard"](seed)) > 0) == y) > 0.98
