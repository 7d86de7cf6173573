"""Models that are slow, wide or do not fit: they cost only the checks that evaluate them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from other_assignments import failed, grade_answers

from autograder.course import Course
from autograder.results import Outcome

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

NAME = "03-digit-images"
WALL_SECONDS = 30.0
MODEL = """
def build_model(image_shape, n_classes):
    layers = keras.layers
    return keras.Sequential([
        keras.Input(image_shape),
        layers.Dense({units}, activation="relu"),
        *(layers.MaxPooling2D({pool}, strides=1, padding="same") for _ in range({count})),
        layers.Dense(1, activation="relu"),
        layers.Flatten(),
        layers.Dense(n_classes, activation="softmax"),
    ])
"""
TRAIN = """
def train_model(model, x, y, x_val, y_val):
    return model.fit(x[:1], y[:1], epochs=2, verbose=0, validation_data=(x_val[:1], y_val[:1]))
"""
NO_MODEL = {"best_epoch_is_found", "confusion_matrix_is_right"}
"""Checks without a model of the submission."""
NOT_EVALUATED = {
    *NO_MODEL,
    "build_model_fits",
    "compile_sets_adam",
    "compile_loss_fits_labels",
    "compile_reports_accuracy",
}
"""Checks that evaluate no model of the submission."""


def test_large_windows_are_computed_by_the_submission_alone(course: Course, tmp_path: Path) -> None:
    """58 poolings with windows of 64 by 64 are a small model, and hours of work."""
    model = MODEL.format(units=1000, pool=64, count=58)
    answers = {"build_model": model, "train_model": TRAIN}
    grade = grade_answers(course, NAME, tmp_path, answers, wall=WALL_SECONDS)
    assert grade.outcome is Outcome.FAILED
    assert grade.outputs == ""  # the sandbox was asked, whose limits ended it
    assert not NO_MODEL & failed(grade).keys()


SLOW = {"build_model": MODEL.format(units=1000, pool=8, count=22), "train_model": TRAIN}
"""Just below the most operations that a rebuilt model may take."""


def test_model_that_is_slow_to_evaluate_costs_the_checks_that_evaluate_it(
    course: Course, tmp_path: Path
) -> None:
    """A model within the caps that takes minutes to evaluate is not evaluated to its end."""
    started = time.monotonic()
    grade = grade_answers(course, NAME, tmp_path, SLOW, wall=WALL_SECONDS)
    assert time.monotonic() - started < 4 * WALL_SECONDS + 60
    assert grade.score is not None
    assert "To evaluate the model takes more than 15 seconds of computing" in "".join(
        failed(grade).values()
    )
    assert not NOT_EVALUATED & failed(grade).keys()


def test_model_that_is_slow_to_evaluate_without_the_limit_is_evaluated(
    course: Course, tmp_path: Path
) -> None:
    """The control: without its limits the scorer goes on to the end of the model."""
    grade = grade_answers(course, NAME, tmp_path, SLOW, "bounded-scoring", wall=WALL_SECONDS)
    assert "To evaluate the model takes" not in "".join(failed(grade).values())


@pytest.mark.parametrize(
    ("name", "answers", "passes"),
    [
        (
            "02-house-prices",
            {
                "build_model": "def build_model(n_features):\n    return keras.Sequential(["
                "keras.Input((5,)), keras.layers.Dense(8, activation='relu'), "
                "keras.layers.Dense(1)])",
                "train_model": "def train_model(model, x, y, epochs=10):\n"
                "    return model.fit(x[:, :5], y, epochs=epochs, verbose=0)",
            },
            "compile_sets_sgd",
        ),
        (
            "06-spoken-words",
            {
                "build_model": "def build_model(frames, mel_bins, n_words):\n"
                "    return keras.Sequential([keras.Input((frames, mel_bins)), "
                "keras.layers.Flatten(), keras.layers.Dense(3, activation='softmax')])",
                "train_model": "def train_model(model, x, y, epochs=5):\n"
                "    return model.fit(x, y % 3, epochs=epochs, verbose=0)",
            },
            "most_confused_is_found",
        ),
    ],
    ids=["fewer features", "fewer classes"],
)
def test_model_that_does_not_fit_the_data_is_no_fault_of_the_grader(
    name: str, answers: dict[str, str], passes: str, course: Course, tmp_path: Path
) -> None:
    """Such a model fails checks, breaks none, and leaves the others their points."""
    grade = grade_answers(course, name, tmp_path, answers, wall=60.0)
    assert grade.outcome is Outcome.FAILED
    assert passes not in failed(grade)
