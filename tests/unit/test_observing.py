"""What is recorded of a training and of `compile`, beside student code."""

from __future__ import annotations

import itertools
from typing import Any

import keras
import numpy as np
import pytest

from autograder.exercises import (
    Guard,
    Student,
    compile_settings,
    observe_training,
    optimizer_steps,
    record_compile,
    record_epochs,
)
from autograder.exercises.observe import MOST_SNAPSHOT_BYTES, EpochRecorder

X = np.random.default_rng(0).normal(size=(32, 3)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64)


def compiled(**settings: Any) -> keras.Model:
    """A small model, compiled."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    model.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy", **settings})
    return model


def test_logs_are_what_fit_reported_over_all_calls() -> None:
    """Two calls of fit are one record; a history of the second alone is shorter."""
    model = compiled(metrics=["accuracy"])
    recorder = record_epochs(model)
    first = model.fit(X, Y, epochs=2, verbose=0)
    second = model.fit(X, Y, epochs=1, verbose=0)
    training = observe_training(model, recorder, second)
    assert training.logged["loss"] == first.history["loss"] + second.history["loss"]
    assert training.reported is not None
    assert len(training.reported["loss"]) == 1
    assert (training.epochs_run, training.epochs_kept, training.is_history) == (3, [1, 2, 3], True)


@pytest.mark.parametrize("patience", [0, 9])
def test_training_that_a_callback_ended_is_noted(patience: int) -> None:
    """Early stopping ends the first training after its second epoch, the other one never."""
    model = compiled()
    recorder = record_epochs(model)
    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=10, patience=patience)
    training = observe_training(model, recorder, model.fit(X, Y, epochs=3, callbacks=[stop]))
    assert (training.epochs_run, training.stopped) == ((2, True) if patience == 0 else (3, False))


def test_long_training_of_a_large_model_keeps_evenly_spaced_epochs() -> None:
    """The weights that are kept stay within the limit, and span the training."""
    recorder = EpochRecorder()
    weights = [np.zeros(MOST_SNAPSHOT_BYTES // 4 // 5, np.float32)]
    for _ in range(40):
        recorder.record(weights, {"loss": 1.0})
    kept = list(recorder.snapshots)
    assert recorder.epochs_run == len(recorder.logged["loss"]) == 40
    assert 2 <= len(kept) <= 5
    assert len({later - earlier for earlier, later in itertools.pairwise(kept)}) == 1
    assert kept[-1] > 30


def test_tensorboard_does_no_harm_where_it_is_not_installed() -> None:
    """The callback is left out, and training goes on."""
    model = compiled()
    recorder = record_epochs(model)
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[keras.callbacks.TensorBoard("logs")])
    assert recorder.epochs_run == 2


def test_list_of_callbacks_is_recorded() -> None:
    """`fit` takes a `CallbackList` that a student has made, too."""
    model = compiled()
    recorder = record_epochs(model)
    callbacks = keras.callbacks.CallbackList([], add_history=True, model=model)
    history = model.fit(X, Y, epochs=3, callbacks=callbacks, verbose=0)
    assert recorder.epochs_run == 3
    assert recorder.logged["loss"] == history.history["loss"]


def test_arguments_of_compile_are_recorded_by_name() -> None:
    """A third positional argument is loss_weights; a missing optimizer is not there."""
    model = compiled()
    recorded = record_compile(model)
    model.compile("adam", "mse", [1.0])
    assert recorded == {"optimizer": "str", "loss": "str", "loss_weights": "list"}
    model.compile(loss="mse")
    assert recorded == {"loss": "str"}


class OwnSGD(keras.optimizers.SGD):  # type: ignore[misc] # Keras has no types
    """An optimizer whose constructor takes other arguments."""

    def __init__(self, rate: float) -> None:
        super().__init__(learning_rate=rate, momentum=0.9)


@pytest.mark.parametrize(
    ("optimizer", "step"),
    [
        (keras.optimizers.SGD(0.5), 0.5),
        (keras.optimizers.SGD(0.5, clipvalue=0.5), 0.25),
        (OwnSGD(0.5), 0.5),
        (keras.optimizers.Adam(0.01), 0.01),
    ],
    ids=["sgd", "clipped", "subclass", "adam"],
)
def test_copied_optimizer_takes_the_same_step(optimizer: Any, step: float) -> None:
    """The first step for a gradient of 1 is the one that the optimizer would take."""
    steps = optimizer_steps(optimizer, [(1.0, -1.0)])
    assert steps is not None
    np.testing.assert_allclose(steps, [[-step, step]], rtol=1e-3)


def test_warm_up_is_judged_by_its_largest_early_rate() -> None:
    """A schedule that begins at 0 is not a learning rate of 0."""
    warm_up = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=1000, warmup_target=0.1, warmup_steps=10
    )
    model = compiled(optimizer=keras.optimizers.SGD(warm_up))
    probabilities = np.full((8, 2), 0.5, np.float32)
    settings = compile_settings(model, probabilities, np.zeros(8, np.int64))
    assert settings is not None
    assert settings.learning_rate == pytest.approx(0.1, rel=0.01)


def test_function_that_never_ends_is_stopped_and_the_next_one_runs() -> None:
    """Each step has its own time."""

    def endless() -> None:
        while True:
            pass

    student = Student({"endless": endless, "quick": lambda: 3}, Guard(seconds=0.2))
    with student.step("endless"):
        student.call("endless")
    answers = []
    with student.step("quick"):
        answers.append(student.call("quick"))
    assert answers == [3]
    assert list(student.errors) == ["endless"]
    assert str(student.errors["endless"]) == "did not finish within 0.2 seconds"


def test_number_of_the_notebook_changes_for_one_call() -> None:
    """Names and default arguments that hold it follow, and are as before afterward."""
    names: dict[str, Any] = {"UNIT": 10_000, "other": 7}
    exec("def price(x, unit=UNIT): return x * UNIT, x * unit", names)  # noqa: S102 - our own
    student = Student(names)
    with student.with_number("price", 10_000, 5):
        assert student.call("price", 2) == (10, 10)
    assert student.call("price", 2) == (20_000, 20_000)
    assert names["other"] == 7
