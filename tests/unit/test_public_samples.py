"""What reports show of the data is public, and told in the submission's own numbers."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from courses import ROOT

from autograder.checks import Rebuilt, TrainingRun
from autograder.checks.training_summary import training_summary
from autograder.course import AssignmentFolder, Limits, Seeds, load_course
from autograder.exercises import (
    AnyExercise,
    GradingData,
    PracticeSamples,
    Training,
    load_exercise,
    load_module,
)
from autograder.exercises.architecture import decode, describe
from autograder.results import TrainingSummary

COURSE = load_course(ROOT)
SEEDS = Seeds(initial_weights=2**90, training_draw=2**91, held_out=2**92, shuffling=2**93)
DIGITS, INTENTS, WORDS = "03-digit-images", "05-chatbot-intents", "06-spoken-words"
HOUSES = "02-house-prices"


class Locked(GradingData):
    """What only grading has, where nobody may read it."""

    def read(self, suffix: str, reader: Callable[[Path], Any]) -> Any:
        """Nobody may."""
        raise AssertionError(f"held_out{suffix} was read by {reader}")


def exercise_of(name: str) -> tuple[AnyExercise, AssignmentFolder]:
    """An assignment's exercise, and its folder."""
    folder = COURSE.folder(name)
    return load_exercise(folder), folder


def practice_of(name: str) -> tuple[AnyExercise, GradingData, PracticeSamples]:
    """An assignment's public samples in grading, made without the data that only grading has."""
    exercise, folder = exercise_of(name)
    practice = exercise.practice_samples(SEEDS, Locked(COURSE.practice_seeds, folder))
    assert practice is not None
    return exercise, GradingData(COURSE.practice_seeds, folder), practice


def pictures_in(path: Path, name: str) -> set[bytes]:
    """The images or clips of a file, as gray values that begin with white."""
    with np.load(path, allow_pickle=False) as arrays:
        if name == DIGITS:
            return {
                np.round(255 * (1 - a / 16)).astype(np.uint8).tobytes() for a in arrays["images"]
            }
        return {
            (255 - a.T[::-1].astype(np.int64)).astype(np.uint8).tobytes() for a in arrays["clips"]
        }


def texts_in(path: Path) -> set[str]:
    """The utterances of a file."""
    with path.open(newline="", encoding="utf-8") as table:
        return {row["utterance"] for row in csv.DictReader(table)}


def summary_of(name: str) -> TrainingSummary:
    """What a summary shows of a model that was hardly trained, in grading."""
    exercise, grading, practice = practice_of(name)
    given, _ = exercise.prepare(SEEDS, grading)
    layers: list[Any] = [keras.Input(given.x.shape[1:])]
    if name == INTENTS:
        words = max(given.x.max(), practice.x.max()) + 1
        layers.append(keras.layers.Embedding(int(words), 4))
    layers += [
        keras.layers.Flatten(),
        keras.layers.Dense(len(practice.names), activation="softmax"),
    ]
    model = Rebuilt(decode(describe(keras.Sequential(layers))))
    without: dict[str, Any] = dict.fromkeys(
        ("held_out", "signatures", "observed", "errors", "cell_errors", "untouched")
    )
    run = TrainingRun[Any, Any](
        objective=exercise.objective,
        given=given,
        thresholds={},
        limits=Limits(),
        model=model,
        **without,
    )
    training = Training.model_construct(
        epochs_kept=[], epoch_weights=[], epochs_run=1, weights=run.initial_weights
    )
    summary = training_summary(
        exercise, SEEDS, grading, dataclasses.replace(run, shown=training), None
    )
    assert summary is not None
    assert 0 < len(summary.mistakes) <= min(6, summary.wrong)
    assert summary.wrong <= summary.practice_samples
    return summary


@pytest.mark.parametrize("name", [DIGITS, WORDS])
def test_pictures_of_mistakes_are_public(name: str) -> None:
    """Each is one of the files that students have, and none of those that only grading has.

    The run has no held-out data at all, so no figure of a summary can come from them.
    """
    mistakes = summary_of(name).mistakes
    folder = COURSE.folder(name)
    public = pictures_in(folder.path / {DIGITS: "digits.npz", WORDS: "words.npz"}[name], name)
    secret = pictures_in(folder.grading / "held_out.npz", name) - public
    shown = {np.array(mistake.pixels, np.uint8).tobytes() for mistake in mistakes}
    assert shown <= public
    assert not shown & secret
    assert len(secret) > 100


def test_sentences_of_mistakes_are_public() -> None:
    """Each is in the file that students have, and none in the one that only grading has."""
    folder = COURSE.folder(INTENTS)
    public, secret = (
        texts_in(folder.path / "intents.csv"),
        texts_in(folder.grading / "held_out.csv"),
    )
    shown = {mistake.text for mistake in summary_of(INTENTS).mistakes}
    assert shown <= public
    assert not shown & (secret - public)


@pytest.mark.parametrize("name", [DIGITS, INTENTS, WORDS])
def test_public_samples_have_the_numbers_of_the_submission(name: str) -> None:
    """The same sample in practice and in grading has another number of the same name."""
    exercise, grading, practice = practice_of(name)
    home = exercise.practice_samples(COURSE.practice_seeds, None)
    assert home is not None
    there = [practice.names[label] for label in practice.y]
    assert there == [home.names[label] for label in home.y]
    assert (practice.y != home.y).all()
    _, held_out = exercise.prepare(COURSE.practice_seeds, None)
    np.testing.assert_array_equal(home.x, held_out.x)
    np.testing.assert_array_equal(home.y, held_out.y)
    given, _ = exercise.prepare(SEEDS, grading)
    known = {(x.tobytes(), int(y)) for x, y in zip(given.x, given.y, strict=True)}
    trained = [i for i, x in enumerate(practice.x) if (x.tobytes(), int(practice.y[i])) in known]
    assert trained or name == WORDS  # the same features and numbers as in training


def test_names_of_features_follow_the_columns() -> None:
    """Each house, told by the names, is one of the public houses."""
    exercise, folder = exercise_of(HOUSES)
    grading = GradingData(COURSE.practice_seeds, folder)
    given, _ = exercise.prepare(SEEDS, grading)
    names = exercise.feature_names(SEEDS, Locked(COURSE.practice_seeds, folder))
    assert names != exercise.feature_names(COURSE.practice_seeds, None)
    assert sorted(names) == sorted(exercise.feature_names(COURSE.practice_seeds, None))
    module = load_module(folder, "exercise")
    public, _ = module.houses()
    counted = [name for name in module.HOUSE_FEATURES if name in names and name != "lot size"]
    columns = [module.HOUSE_FEATURES.index(name) for name in counted]
    rows = {tuple(row) for row in public[:, columns].astype(int).tolist()}
    told = []
    for name, column in zip(counted, columns, strict=True):
        values = given.x[:, names.index(name)]  # scaled, but still in steps of one
        step, least = np.diff(np.unique(values)).min(), public[:, column].min()
        told.append(np.round((values - values.min()) / step + least).astype(int).tolist())
    assert set(zip(*told, strict=True)) <= rows


def test_practice_seeds_show_the_samples_of_practice() -> None:
    """With the practice seeds, the held-out samples of practice are shown as they are."""
    exercise, _ = exercise_of(INTENTS)
    practice = exercise.practice_samples(COURSE.practice_seeds, None)
    assert practice is not None
    assert set(practice.texts) <= texts_in(COURSE.folder(INTENTS).path / "intents.csv")
