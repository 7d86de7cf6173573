"""A submission that behaves well where it thinks that it is watched."""

from __future__ import annotations

from pathlib import Path

import pytest
from other_assignments import failed, grade_answers

from autograder.course import Course

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

TRAIN = """
CALLS = []
def train_model(model, x, y, x_val, y_val):
    CALLS.append((len(x), len(x_val), np.bincount(y_val).tolist()))
    watched = {watched}
    if not watched:
        x, y = np.concatenate([x, *[x_val] * 3]), np.concatenate([y, *[y_val] * 3])
    return model.fit(x, y, epochs=30, batch_size=32, verbose=0, validation_data=(x_val, y_val))
"""
LEARNED = "validation_is_not_learned"


@pytest.mark.parametrize(
    "watched",
    ["CALLS[-1] != CALLS[0]", "len(set(y_val.tolist())) < 10", "len(x_val) != 150"],
    ids=["other sizes", "fewer classes", "known size"],
)
def test_trap_is_not_known_by_its_sizes(watched: str, course: Course, tmp_path: Path) -> None:
    """The trap has the sizes of every training, so whoever looks for others is caught in it."""
    answers = {"train_model": TRAIN.format(watched=watched)}
    grade = grade_answers(course, "03-digit-images", tmp_path, answers, wall=60.0)
    assert LEARNED in failed(grade)


def test_training_that_always_behaves_passes_the_trap(course: Course, tmp_path: Path) -> None:
    """The control: what is caught is the learning, not the training."""
    answers = {"train_model": TRAIN.format(watched="True")}
    grade = grade_answers(course, "03-digit-images", tmp_path, answers, wall=60.0)
    assert LEARNED not in failed(grade)
