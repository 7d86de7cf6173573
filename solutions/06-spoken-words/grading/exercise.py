"""06-spoken-words: build, compile and train a network on clips; find which words it confuses."""

from __future__ import annotations

from typing import ClassVar, TypedDict

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from autograder.course import Seeds
from autograder.exercises import (
    CLASSIFICATION,
    Exercise,
    GradingData,
    HeldOut,
    Observation,
    PracticeSamples,
    Student,
    TrainingGiven,
    TrainingObserved,
    build,
    build_other,
    compile_model,
    floats,
    make_probe,
    renumber_classes,
    train,
    type_name,
)

from ..words import MIDDLE, RANGE, UNIT, WORDS, spoken_words

TRAINING_VOICES = 24
"""Of 36 public voices. In practice the others are held out; grading has its own."""
EPOCHS = 15
"""Not the stub's default of 5, so that a stub that ignores `epochs` fails."""
WHITE = 255
"""The gray value of silence."""
OTHER_SIZES = (48, 24, 5)
"""Frames, mel bins and words of another model to build; larger clips, so that any layers fit."""
TIES, NO_MISTAKE = "most_confused, ties", "most_confused, no mistake"
"""Steps of their own, so that a function that fails only here keeps its other answers."""

SMALL_SHAPE = (2, 5)
SMALL_WORDS = 10
"""A small made-up model for `most_confused`: its clips have one number for each of ten words, more
than the eight of the task, so that a number of words in the code shows."""
_CONFIDENCE = 8.0
# Clips by true word (row) and predicted word (column), so that each likely mistake in
# `most_confused` gives another pair; see `pair_hint` in the checks. Other words are always right.
_COUNTS = (
    (20, 9, 0, 0, 0, 0),
    (1, 20, 0, 0, 0, 0),
    (0, 0, 12, 7, 0, 0),
    (0, 0, 6, 20, 0, 0),
    (0, 0, 0, 0, 1, 5),
    (4, 0, 5, 0, 4, 24),
)
_ALWAYS_RIGHT = 10
_VOICES, _NUMBERS, _PROBE, _QUESTIONS = range(4)
"""Each use of a seed has its own stream of random numbers."""


class Question(Observation):
    """Made-up clips for `most_confused`.

    Attributes:
        x: Shape (clips, 2, 5), float32.
        true: The true words, shape (clips,), int64.
    """

    x: np.ndarray
    true: np.ndarray


class Given(TrainingGiven):
    """What the student's functions get.

    Attributes:
        words: The words, in the order of their numbers.
        small_kernel: Kernel of the small model for `most_confused`, shape (10, 10).
        question: Clips of which one pair of words is confused most often.
        ties: Clips of which several pairs are confused equally often.
        no_mistake: Clips of which no word is confused.
    """

    words: list[str]
    small_kernel: np.ndarray
    question: Question
    ties: Question
    no_mistake: Question


class Observed(TrainingObserved):
    """What `perform` observes; see `TrainingObserved`.

    Attributes:
        confused: What `most_confused` returned, by the name of the step; None if it is not a list,
            tuple or array.
        confused_types: Class names of what it returned, by the name of the step.
    """

    confused: dict[str, list[float | None] | None] = Field(default_factory=dict)
    confused_types: dict[str, str] = Field(default_factory=dict)


class ConfusedFields(TypedDict):
    """What is observed of `most_confused`; see `Observed`."""

    confused: dict[str, list[float | None] | None]
    confused_types: dict[str, str]


class SpokenWords(Exercise[Given, Observed]):
    """Build, compile and train a network on clips; find which words it confuses."""

    objective = CLASSIFICATION
    signatures: ClassVar = {
        "build_model": ("frames", "mel_bins", "n_words"),
        "compile_model": ("model",),
        "train_model": ("model", "x", "y", "epochs"),
        "most_confused": ("model", "x", "y"),
    }

    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[Given, HeldOut]:
        """Draw the voices, and make up a model and clips for `most_confused`."""
        x, y, voices = spoken_words()
        known = _is_training_voice(seeds, voices)
        x_held_out, y_held_out = (x[~known], y[~known])
        if grading is not None:
            x_held_out, y_held_out, _ = grading.read(".npz", spoken_words)
        rng = np.random.default_rng([seeds.training_draw, _VOICES])
        training = rng.permutation(np.flatnonzero(known))
        numbers = _numbers(seeds, grading)
        rng = np.random.default_rng([seeds.shuffling, _QUESTIONS])
        word_of_pixel = rng.permutation(SMALL_WORDS)
        given = Given(
            x=x[training],
            y=numbers[y[training]],
            epochs=EPOCHS,
            shuffling=seeds.shuffling,
            start_seed=seeds.initial_weights,
            probe=make_probe(
                CLASSIFICATION, len(WORDS), np.random.default_rng([seeds.shuffling, _PROBE])
            ),
            words=[WORDS[old] for old in np.argsort(numbers)],
            small_kernel=_CONFIDENCE * np.eye(SMALL_WORDS, dtype=np.float32)[word_of_pixel],
            question=_one_pair(rng, word_of_pixel),
            ties=_tied_pairs(rng, word_of_pixel),
            no_mistake=_question(rng, word_of_pixel, np.diag(rng.integers(8, 16, SMALL_WORDS))),
        )
        return given, HeldOut(x_held_out, numbers[y_held_out])

    def perform(self, student: Student, given: Given) -> Observed:
        """Call the student's functions, in the order of the lesson."""
        model, built = build(student, given, *self.build_arguments(given))
        return Observed(
            **built,
            **compile_model(student, given, model),
            **train(student, given, model, given.x, given.y, kwargs={"epochs": given.epochs}),
            **build_other(student, given, OTHER_SIZES[:2], *OTHER_SIZES),
            **_ask_for_most_confused(student, given),
            signatures=student.signatures,
        )

    def build_arguments(self, given: Given) -> tuple[object, ...]:
        """Frames and mel bins of a clip, and the number of words."""
        return (*given.x.shape[1:], len(given.words))

    def practice_samples(self, seeds: Seeds, grading: GradingData | None) -> PracticeSamples:
        """The clips of the voices that are held out in practice, where students have them."""
        x, y, voices = spoken_words()
        held_out = ~_is_training_voice(grading.practice_seeds if grading else seeds, voices)
        numbers = _numbers(seeds, grading)
        return PracticeSamples(
            x=x[held_out],
            y=numbers[y[held_out]],
            names=[WORDS[old] for old in np.argsort(numbers)],
            pictures=_spectrograms(x[held_out]),
        )


def _is_training_voice(seeds: Seeds, voices: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a public voice is one of those that models may be trained on."""
    speakers = np.random.default_rng([seeds.held_out, _VOICES]).permutation(np.unique(voices))
    return np.isin(voices, speakers[:TRAINING_VOICES])


def _numbers(seeds: Seeds, grading: GradingData | None) -> NDArray[np.int64]:
    """The number of each word: in grading another one than students know."""
    rng = np.random.default_rng([seeds.training_draw, _NUMBERS])
    return renumber_classes(rng, len(WORDS), grading)


def _spectrograms(x: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Clips as pictures: time from left to right, low pitch at the bottom, loud is dark."""
    loudness = (x * UNIT + MIDDLE) / RANGE + 1
    pictures = np.round(WHITE * (1 - loudness)).astype(np.uint8)
    return pictures.transpose(0, 2, 1)[:, ::-1]


def _one_pair(rng: np.random.Generator, word_of_pixel: NDArray[np.int64]) -> Question:
    """Clips of words with shuffled numbers, of which one pair is confused most often."""
    counts = np.diag(np.full(SMALL_WORDS, _ALWAYS_RIGHT))
    counts[: len(_COUNTS), : len(_COUNTS)] = _COUNTS
    order = rng.permutation(SMALL_WORDS)
    return _question(rng, word_of_pixel, counts[np.ix_(order, order)])


def _tied_pairs(rng: np.random.Generator, word_of_pixel: NDArray[np.int64]) -> Question:
    """Clips of which four pairs are confused equally often; the last pair's clips come first."""
    first, second = sorted(rng.choice(SMALL_WORDS - 1, 2, replace=False))
    counts = np.diag(rng.integers(8, 16, SMALL_WORDS))
    last = SMALL_WORDS - 1
    # Never word 0, so that the smallest predicted word is not in the first pair.
    others = sorted(rng.choice(np.setdiff1d(np.arange(1, last + 1), first), 2, replace=False))
    for pair in ((first, others[0]), (first, others[1]), (second, (second + 1) % last), (last, 0)):
        counts[pair] = 5
    return _question(rng, word_of_pixel, counts, begin=(last, 0))


def _question(
    rng: np.random.Generator,
    word_of_pixel: NDArray[np.int64],
    counts: NDArray[np.int64],
    begin: tuple[int, int] | None = None,
) -> Question:
    """Clips in random order, as many of each true and predicted word as `counts` says.

    Args:
        rng: The random generator.
        word_of_pixel: The word that the small model predicts if a pixel is the largest.
        counts: Clips by true and predicted word, shape (words, words).
        begin: A pair of words whose clips come first.
    """
    pairs = np.repeat(np.argwhere(counts >= 0), counts.ravel(), axis=0)
    pairs = rng.permutation(pairs)
    if begin is not None:
        pairs = pairs[np.argsort((pairs != begin).any(axis=1), kind="stable")]
    true, predicted = pairs.T
    largest = np.argsort(word_of_pixel)[predicted]
    x = rng.uniform(0, 0.5, (len(pairs), SMALL_WORDS)).astype(np.float32)
    x[np.arange(len(x)), largest] += 1
    return Question(x=x.reshape(-1, *SMALL_SHAPE), true=true.copy())


def _ask_for_most_confused(student: Student, given: Given) -> ConfusedFields:
    # Our own model: this does not depend on what the student built, or on how training went.
    model = keras.Sequential(
        [
            keras.Input(SMALL_SHAPE),
            keras.layers.Flatten(),
            keras.layers.Dense(SMALL_WORDS, activation="softmax", use_bias=False),
        ]
    )
    model.set_weights([given.small_kernel])
    confused: dict[str, list[float | None] | None] = {}
    types: dict[str, str] = {}
    for step, question in (
        ("most_confused", given.question),
        (TIES, given.ties),
        (NO_MISTAKE, given.no_mistake),
    ):
        with student.step(step):
            returned = student.call("most_confused", model, question.x.copy(), question.true.copy())
            types[step] = type_name(returned)
            confused[step] = floats(returned)
    return {"confused": confused, "confused_types": types}
