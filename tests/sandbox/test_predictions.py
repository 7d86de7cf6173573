"""Models that only the student's own code can build: their outputs come from a second run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading import start_grader
from autograder.results import Grade, Outcome
from autograder.submissions import SubmittedFile, read_notebook, read_submission

pytestmark = pytest.mark.sandbox

NAME = "02-house-prices"
GradeCode = Callable[..., Grade]
ANSWERS = {
    "normalize": """
def normalize(x_train, x_other):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / deviation, (x_other - mean) / deviation
""",
    "build_model": """
class Tower(keras.Model):
    def __init__(self, n_features):
        super().__init__()
        self.hidden = keras.layers.Dense(16, activation="relu")
        self.skip = keras.layers.Dense(1)
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(self.hidden(x)) + self.skip(x)

def build_model(n_features):
    return Tower(n_features)
""",
    "compile_model": """
def compile_model(model):
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model
""",
    "train_model": """
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)
""",
    "predict_prices": """
def predict_prices(model, x):
    return model.predict(x, verbose=0)[:, 0] * UNIT
""",
}
"""A model with code of its own, and the usual answers to the rest."""


@pytest.fixture(scope="module")
def grade_code(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GradeCode]:
    """Grade answers to the second assignment, some of them replaced."""
    folder = tmp_path_factory.mktemp("houses")
    source = read_notebook(course.source_notebook(NAME))
    release = read_notebook(course.release_notebook(NAME))
    with ExitStack() as stack:
        grader = start_grader(course, course.assignment(NAME), stack)

        def grade(**answers: str) -> Grade:
            cells = [f"# %% {name}\n{text}" for name, text in {**ANSWERS, **answers}.items()]
            path = folder / f"{NAME}.py"
            path.write_text("\n".join(cells))
            submitted = SubmittedFile("ada", Path(path))
            return grader.grade(read_submission(submitted, source, release))

        yield grade


def failed(grade: Grade) -> dict[str, str]:
    """The messages of the checks that failed, by name."""
    return {v.name: v.message for v in grade.checks if v.outcome is not Outcome.PASSED}


def test_model_with_code_of_its_own_gets_full_marks(grade_code: GradeCode) -> None:
    """A subclassed model is graded by what it predicts, and the Grade says so."""
    grade = grade_code()
    assert failed(grade) == {}
    assert (grade.outcome, grade.outputs) == (Outcome.PASSED, "predicted")


def test_model_of_keras_layers_is_rebuilt(grade_code: GradeCode) -> None:
    """A residual graph of Keras' own layers needs no second run."""
    build = """
def build_model(n_features):
    x = keras.Input((n_features,))
    hidden = keras.layers.Dense(16, activation="relu")(x)
    parts = [keras.layers.Dense(1)(hidden), keras.layers.Dense(1)(x)]
    return keras.Model(x, keras.layers.Add()(parts))
"""
    grade = grade_code(build_model=build)
    assert failed(grade) == {}
    assert grade.outputs == "rebuilt"


def test_second_run_has_no_answers(grade_code: GradeCode) -> None:
    """The process that predicts has samples and weights, and nothing else of the exercise."""
    build = """
class Spy(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = keras.layers.Dense(1)

    def call(self, x):
        return self.out(x)

    def set_weights(self, weights):
        super().set_weights(weights)
        import gc
        kinds = {type(thing).__name__ for thing in gc.get_objects()}
        if "PredictionInputs" in kinds:  # the second run
            own = {"Given", "HeldOut", "PredictionInputs"}
            raise ValueError("has " + ", ".join(sorted(kinds & own)))

def build_model(n_features):
    return Spy()
"""
    shown = failed(grade_code(build_model=build))
    assert "it raised ValueError (script, line" in shown["build_model_fits"]
    assert shown["build_model_fits"].endswith("has PredictionInputs")


def test_model_that_is_another_one_the_second_time_fails(grade_code: GradeCode) -> None:
    """Weights of the first model do not fit the second one, and the message says so."""
    build = """
import os

def build_model(n_features):
    units = 8 + int.from_bytes(os.urandom(2), "big") % 997  # hardly ever the same twice
    class Odd(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.out = keras.layers.Dense(units), keras.layers.Dense(1)
        def call(self, x):
            return self.out(self.hidden(x))
    return Odd()
"""
    shown = failed(grade_code(build_model=build))
    assert "`build_model` was called once more" in shown["build_model_fits"]


def test_constant_predictions_earn_nothing(grade_code: GradeCode) -> None:
    """Predictions are compared with answers that the second run does not have."""
    build = ANSWERS["build_model"].replace(
        "return self.out(self.hidden(x)) + self.skip(x)",
        "return 0 * self.out(self.hidden(x)) + 0 * self.skip(x) + 9.0",
    )
    messages = failed(grade_code(build_model=build))
    assert {"loss_goes_down", "error_beats_average"} <= messages.keys()
