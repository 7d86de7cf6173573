"""What scores and what records a class of thousands stays as large as it is."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_grader
import numpy as np
import pytest
from courses import NAME
from fake_grader import FakeClass
from grades import make_rubric_grade

from autograder.checks import training
from autograder.checks.graded_model import Rebuilt
from autograder.exercises.architecture import decode
from autograder.grading import Options, Progress, grade_each
from autograder.grading.in_parallel import MOST_AT_ONCE
from autograder.grading.regrading import compare
from autograder.results import Grade

SAMPLES = np.linspace(-1, 1, 32, dtype=np.float32).reshape(8, 4)
WARM_UP, REPLIES = 32, 64


def outputs(units: int) -> list[list[float]]:
    """What a reply's model with so many units gives for a few samples."""
    dense = {"kind": "Dense", "activation": "linear"}
    model = Rebuilt(
        decode(
            {
                "input_shape": [4],
                "layers": [{**dense, "units": units}, {**dense, "units": 1}],
                "calls": [{"layer": 0, "inputs": [0]}, {"layer": 1, "inputs": [1]}],
                "positions": [[0, 1], [2, 3]],
            }
        )
    )
    weights = [
        np.full(shape, 0.5, np.float32) for shape in ((4, units), (units,), (units, 1), (1,))
    ]
    rows: list[list[float]] = model.outputs(weights, SAMPLES).tolist()
    return rows


def own_megabytes() -> float:
    """Memory that this process shares with no file."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


@pytest.mark.parametrize("units", [lambda _: 3, lambda n: 3 + n], ids=["the same", "others"])
def test_models_of_thousands_of_replies_leave_nothing(units: Callable[[int], int]) -> None:
    """TensorFlow would keep half a megabyte of each model that is not like the ones before."""
    for number in range(WARM_UP):
        outputs(units(number))
    before = own_megabytes()
    for number in range(WARM_UP, WARM_UP + REPLIES):
        outputs(units(number))
    assert own_megabytes() - before < 0.15 * REPLIES


def test_model_that_is_kept_gives_the_same_outputs_after_others() -> None:
    """What is dropped of the others belongs to none that is kept."""
    before = outputs(5)
    for units in range(300, 330):
        outputs(units)
        assert outputs(5) == before


def alive() -> int:
    """How many Grades are in memory."""
    gc.collect()
    return sum(type(item) is Grade for item in gc.get_objects())


def test_class_that_is_graded_is_never_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the first time nor again: only those that are recorded together, and a few more."""
    group = FakeClass(tmp_path, monkeypatch)
    students = [f"s{number:03}" for number in range(2 * MOST_AT_ONCE + 16)]
    group.hand_in(*students)
    before, counts, last = alive(), [], len(students) - 1

    def count(progress: Progress) -> None:
        if progress.done == last:
            counts.append(alive() - before)

    options = Options(workers=2)
    for _ in range(2):
        grade_each(group.course, NAME, options, count, on_notice=lambda _: None)
    assert sorted(group.graded) == students
    assert len(counts) == 2
    assert max(counts) < MOST_AT_ONCE + 16


def test_class_that_is_compared_is_in_memory_without_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evidence is nearly all of a Grade."""

    def make(*args: Any, **named: Any) -> Grade:
        grade = make_rubric_grade(*args, **named)
        checks = tuple(c.model_copy(update={"evidence": {"large": [1.0]}}) for c in grade.checks)
        return grade.model_copy(update={"checks": checks})

    monkeypatch.setattr(fake_grader, "make_rubric_grade", make)
    group = FakeClass(tmp_path, monkeypatch)
    group.hand_in("ada", "bob")
    grade_each(group.course, NAME, Options(), lambda _: None, on_notice=lambda _: None)
    group.set_threshold("accuracy", 0.5)
    ignore = lambda _: None  # noqa: E731 - three times the same
    rows = compare(group.course, group.course.assignment(NAME), Options(), ignore, ignore, ignore)
    grades = [grade for row in rows for grade in (row.old, row.new) if grade is not None]
    assert len(grades) == 4
    assert all(row.is_applicable for row in rows)
    assert not any(check.evidence for grade in grades for check in grade.checks)


def test_weights_of_a_grade_have_no_more_digits_than_they_need() -> None:
    """They are half of a large Grade; each is still told apart from every other float32."""
    weights = np.random.default_rng(1).normal(size=(40, 20)).astype(np.float32)
    short = training._short(weights)
    assert np.array_equal(np.array(short, dtype=np.float32), weights)
    assert len(json.dumps(short)) < 0.6 * len(json.dumps(weights.tolist()))
