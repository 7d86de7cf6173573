"""06-spoken-words: build, compile and train a network for clips; find what it confuses."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from autograder.course import Seeds
from autograder.datasets.words import WORDS, spoken_words
from autograder.exercises.draws import HeldOut, Private, new_numbers
from autograder.exercises.steps import (
    TrainingGiven,
    TrainingObserved,
    build,
    build_other,
    compile_,
    make_probe,
    train,
)
from autograder.exercises.student import Student
from autograder.exercises.values import Observation, floats, type_name
from autograder.tasks import CLASSES as TASK

TRAINING_VOICES = 24
"""Of 36 public voices; in practice the others are held out, in grading the private ones are."""
EPOCHS = 15
"""Not the stub's default of 5, so that a stub that ignores `epochs` shows."""
OTHER_SIZES = (48, 24, 5)
"""Frames, mel bins and words that `build_model` is asked for too; larger, so that layers fit."""
TIES, NO_MISTAKE = "most_confused, ties", "most_confused, no mistake"
"""Steps of their own, so that a function that fails only there has still its other answers."""
SIGNATURES = {
    "build_model": ("frames", "mel_bins", "n_words"),
    "compile_model": ("model",),
    "train_model": ("model", "x", "y", "epochs"),
    "most_confused": ("model", "x", "y"),
}
"""The student's functions, and the names of their arguments."""

LISTENER_SHAPE = (2, 3)
LISTENER_WORDS = 6
"""A small model to ask `most_confused` about: a clip has a number for each of six words."""
_SURE = 8.0
# What word 0 to 5 is heard as. Each row and column holds a trap, see `mistaken_for` in the checks.
_HEARD = (
    (20, 9, 0, 0, 0, 0),
    (1, 20, 0, 0, 0, 0),
    (0, 0, 12, 7, 0, 0),
    (0, 0, 6, 20, 0, 0),
    (0, 0, 0, 0, 1, 5),
    (4, 0, 5, 0, 4, 24),
)
_VOICES, _NUMBERS, _PROBE, _QUESTIONS = range(4)


class Question(Observation):
    """Made-up clips for `most_confused`.

    Attributes:
        x: Shape (clips, 2, 3), float32.
        said: True words, shape (clips,), int64.
        heard: What the made-up model takes them for, shape (clips,), int64.
    """

    x: np.ndarray
    said: np.ndarray
    heard: np.ndarray


class Given(TrainingGiven):
    """What the student's functions are handed.

    Attributes:
        words: The words in the order of their numbers.
        listener: Kernel of the made-up model that `most_confused` is asked about, shape (6, 6).
        question: One pair of words is confused most often.
        ties: Several pairs are confused equally often.
        no_mistake: Every word is heard as what it is.
    """

    words: list[str]
    listener: np.ndarray
    question: Question
    ties: Question
    no_mistake: Question


class Observed(TrainingObserved):
    """What `perform` saw; see `TrainingObserved`.

    Attributes:
        built_other: The model that `build_model` returned for `OTHER_SIZES`, as
            `architecture.describe` puts it; None if it returned no model.
        confused: What `most_confused` returned for each question, None where it is no list of
    """

    confused: dict[str, list[float | None] | None] = Field(default_factory=dict)
    confused_types: dict[str, str] = Field(default_factory=dict)


def prepare(seeds: Seeds, private: Private | None = None) -> tuple[Given, HeldOut]:
    """Draw the voices, and make up what `most_confused` is asked.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        private: What grading has besides; None in practice.

    Returns:
        What goes into the sandbox, and what stays outside: only voices that do not go in.

    Raises:
        CourseError: If the private voices are missing.
    """
    x, y, voices = spoken_words()
    speakers = np.random.default_rng([seeds.held_out, _VOICES]).permutation(np.unique(voices))
    known = np.isin(voices, speakers[:TRAINING_VOICES])
    x_held_out, y_held_out = (x[~known], y[~known])
    if private is not None:
        x_held_out, y_held_out, _ = private.read(".npz", spoken_words)
    draw = np.random.default_rng([seeds.training_draw, _VOICES])
    training = draw.permutation(np.flatnonzero(known))
    numbers = new_numbers(
        np.random.default_rng([seeds.training_draw, _NUMBERS]), len(WORDS), private
    )
    questions = np.random.default_rng([seeds.shuffling, _QUESTIONS])
    places = questions.permutation(LISTENER_WORDS)
    given = Given(
        x=x[training],
        y=numbers[y[training]],
        epochs=EPOCHS,
        shuffling=seeds.shuffling,
        start_seed=seeds.initial_weights,
        probe=make_probe(TASK, len(WORDS), np.random.default_rng([seeds.shuffling, _PROBE])),
        words=[WORDS[old] for old in np.argsort(numbers)],
        listener=_SURE * np.eye(LISTENER_WORDS, dtype=np.float32)[places],
        question=_one_pair(questions, places),
        ties=_tied_pairs(questions, places),
        no_mistake=_question(questions, places, np.diag(questions.integers(8, 16, LISTENER_WORDS))),
    )
    return given, HeldOut(x_held_out, numbers[y_held_out])


def _one_pair(draw: np.random.Generator, places: NDArray[np.int64]) -> Question:
    """Words with shuffled numbers, one pair of which is confused most often."""
    order = draw.permutation(LISTENER_WORDS)
    return _question(draw, places, np.array(_HEARD)[np.ix_(order, order)])


def _tied_pairs(draw: np.random.Generator, places: NDArray[np.int64]) -> Question:
    """Four pairs with equal counts; neither the first clips nor the last pair are the first."""
    first, second = sorted(draw.choice(LISTENER_WORDS - 1, 2, replace=False))
    counts = np.diag(draw.integers(8, 16, LISTENER_WORDS))
    last = LISTENER_WORDS - 1
    # never word 0, so that the smallest predicted word is not the first pair's
    heard = sorted(draw.choice(np.setdiff1d(np.arange(1, last + 1), first), 2, replace=False))
    for pair in ((first, heard[0]), (first, heard[1]), (second, (second + 1) % last), (last, 0)):
        counts[pair] = 5
    return _question(draw, places, counts, begin=(last, 0))


def _question(
    draw: np.random.Generator,
    places: NDArray[np.int64],
    counts: NDArray[np.int64],
    begin: tuple[int, int] | None = None,
) -> Question:
    """Clips that are said and heard as often as `counts` has it, in random order.

    Args:
        draw: The random generator.
        places: Which number of a clip is loudest when a word is heard, by places[number].
        counts: Clips by true and heard word, shape (words, words).
        begin: A pair whose clips come first.
    """
    pairs = np.repeat(np.argwhere(counts >= 0), counts.ravel(), axis=0)
    pairs = draw.permutation(pairs)
    if begin is not None:
        pairs = pairs[np.argsort((pairs != begin).any(axis=1), kind="stable")]
    said, heard = pairs.T
    loudest = np.argsort(places)[heard]
    x = draw.uniform(0, 0.5, (len(pairs), LISTENER_WORDS)).astype(np.float32)
    x[np.arange(len(x)), loudest] += 1
    return Question(x=x.reshape(-1, *LISTENER_SHAPE), said=said.copy(), heard=heard.copy())


def perform(student: Student, given: Given) -> Observed:
    """Call the student's functions, in the order of the lesson.

    Args:
        student: The student's namespace; troubles are noted there by the stub's name.
        given: From `prepare`.

    Returns:
        What was seen.
    """
    model, seen = build(student, given, *given.x.shape[1:], len(given.words))
    if model is not None:
        seen |= compile_(student, given, model)
        seen |= train(student, given, model, given.x, given.y, named={"epochs": given.epochs})
    seen |= build_other(student, OTHER_SIZES[:2], *OTHER_SIZES)
    seen |= _ask(student, given)
    return Observed(**seen, signatures=student.signatures)


def _ask(student: Student, given: Given) -> dict[str, Any]:
    listener = keras.Sequential(
        [
            keras.Input(LISTENER_SHAPE),
            keras.layers.Flatten(),
            keras.layers.Dense(LISTENER_WORDS, activation="softmax", use_bias=False),
        ]
    )
    listener.set_weights([given.listener])
    confused: dict[str, list[float | None] | None] = {}
    types: dict[str, str] = {}
    for step, question in (
        ("most_confused", given.question),
        (TIES, given.ties),
        (NO_MISTAKE, given.no_mistake),
    ):
        with student.step(step):
            returned = student.call(
                "most_confused", listener, question.x.copy(), question.said.copy()
            )
            types[step] = type_name(returned)
            confused[step] = floats(returned)
    return {"confused": confused, "confused_types": types}
