"""05-chatbot-intents: build, compile and train a network on word ids, and let it reply."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from autograder.course import Seeds
from autograder.datasets.intents import (
    FIRST_WORD_ID,
    INTENTS,
    PADDING,
    SENTENCE_LENGTH,
    UNKNOWN,
    VOCABULARY_SIZE,
    utterances,
    vectorize,
)
from autograder.exercises.draws import HeldOut, Private, new_numbers, sample
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
from autograder.exercises.values import type_name
from autograder.tasks import CLASSES as TASK

EACH, HELD_OUT_EACH = 75, 15
"""Utterances of each intent. The held-out ones are public in practice; grading has its own."""
EPOCHS = 30
"""Not the 25 of the notebook, so that a stub that ignores `epochs` shows."""
OTHER_SIZES = (120, 3)
"""A vocabulary and a number of intents besides, so that a size that is written out shows."""
PLAIN, LOUD, STRANGE = 3, 2, 1
"""Questions to `reply`: as people write, in capital letters, with a word that nobody knows."""
STRANGE_WORDS = ("quokka", "zeppelin", "gondola", "wombat", "xylophone", "trombone", "marzipan")
"""Words that are in no vocabulary."""
SURE = 0.3
"""How far the made-up model's likeliest intent is ahead of the next, before softmax."""
LONGEST_REPLY = 500
_PUBLIC, _PRIVATE, _NUMBERS, _PROBE, _VOTES, _QUESTIONS = range(6)
SIGNATURES = {
    "build_model": ("vocabulary_size", "n_intents"),
    "compile_model": ("model",),
    "train_model": ("model", "x", "y", "epochs"),
    "reply": ("model", "sentence"),
}
"""The student's functions, and the names of their arguments."""


class Given(TrainingGiven):
    """What the student's functions are handed.

    Attributes:
        vocabulary_size: How many ids there are in `x`.
        n_intents: How many intents there are in `y`.
        votes: Which intent each word id speaks for in a made-up model, and how loudly, shape
            (ids, intents), float32.
        sentences: What `reply` is asked: `PLAIN` of them as people write, then `LOUD` in capital
            letters, then `STRANGE` with a word that is in no vocabulary.
    """

    vocabulary_size: int
    n_intents: int
    votes: np.ndarray
    sentences: list[str]


class Observed(TrainingObserved):
    """What `perform` saw; see `TrainingObserved`.

    Attributes:
        replies: What `reply` returned for each sentence, as text, at most 500 characters.
        reply_types: Class names of what it returned.
    """

    replies: list[str] | None = None
    reply_types: list[str] | None = None


def prepare(seeds: Seeds, private: Private | None = None) -> tuple[Given, HeldOut]:
    """Draw the utterances, and make up a model for `reply` to ask.

    Args:
        seeds: Practice seeds, or those derived from the course key.
        private: What grading has besides; None in practice.

    Returns:
        What goes into the sandbox, and what stays outside.

    Raises:
        CourseError: If the private utterances are missing.
    """
    sentences, labels = utterances()
    x = vectorize(sentences)
    if private is None:
        held_out = sample(np.random.default_rng([seeds.held_out, _PUBLIC]), labels, HELD_OUT_EACH)
        x_held_out, y_held_out = x[held_out], labels[held_out]
        x, labels = np.delete(x, held_out, axis=0), np.delete(labels, held_out)
    else:
        said, y_held_out = private.read(".csv", utterances)
        x_held_out = vectorize(said)
    training = sample(np.random.default_rng([seeds.training_draw, _PUBLIC]), labels, EACH)

    numbers = np.random.default_rng([seeds.training_draw, _NUMBERS])
    ids = _new_ids(numbers, private)
    intents = new_numbers(numbers, len(INTENTS), private)
    votes = _made_up_votes(np.random.default_rng([seeds.shuffling, _VOTES]))
    given = Given(
        x=ids[x[training]],
        y=intents[labels[training]],
        epochs=EPOCHS,
        shuffling=seeds.shuffling,
        start_seed=seeds.initial_weights,
        probe=make_probe(TASK, len(INTENTS), np.random.default_rng([seeds.shuffling, _PROBE])),
        vocabulary_size=VOCABULARY_SIZE,
        n_intents=len(INTENTS),
        votes=votes,
        sentences=_questions(np.random.default_rng([seeds.shuffling, _QUESTIONS]), votes),
    )
    return given, HeldOut(x=ids[x_held_out], y=intents[y_held_out])


def _new_ids(draw: np.random.Generator, private: Private | None) -> NDArray[np.int64]:
    """Which id each word gets: its own in practice, another in grading; padding keeps its own."""
    words = np.arange(FIRST_WORD_ID, VOCABULARY_SIZE)
    if private is not None:
        words = draw.permutation(words)
    return np.concatenate([np.arange(FIRST_WORD_ID), words])


def _made_up_votes(draw: np.random.Generator) -> np.ndarray:
    """Every word speaks for an intent, whatever it means; padding is silent, unknown ones shout."""
    votes = np.zeros((VOCABULARY_SIZE, len(INTENTS)), np.float32)
    speaks_for = draw.integers(len(INTENTS), size=VOCABULARY_SIZE)
    votes[np.arange(VOCABULARY_SIZE), speaks_for] = draw.uniform(5, 10, VOCABULARY_SIZE)
    votes[PADDING] = 0
    votes[UNKNOWN] *= 5
    return votes


def most_voted(votes: np.ndarray, sentence: str) -> int:
    """The intent that the words of a sentence speak for: what the made-up model answers."""
    return int(votes[vectorize([sentence])[0]].sum(axis=0).argmax())


def _questions(draw: np.random.Generator, votes: np.ndarray) -> list[str]:
    """Sentences on which the made-up model is sure, and says something else than they mean."""
    sentences, labels = utterances()
    order = draw.permutation(len(sentences))
    known = [
        (sentences[i], most_voted(votes, sentences[i]))
        for i in order
        if UNKNOWN not in vectorize([sentences[i]]) and _is_sure(votes, sentences[i])
        if most_voted(votes, sentences[i]) != labels[i]
    ]
    shouted = votes[UNKNOWN].argmax()
    quiet = [(text, intent) for text, intent in known if intent != shouted]
    plain, loud, strange = quiet[::3], quiet[1::3], quiet[2::3]
    return [
        *_of_different_intents(plain, PLAIN),
        *(_disguised(draw, text) for text in _of_different_intents(loud, LOUD)),
        *(f"{text} {draw.choice(STRANGE_WORDS)}" for text, _ in strange[:STRANGE]),
    ]


def _is_sure(votes: np.ndarray, sentence: str) -> bool:
    """Whether the made-up model's likeliest intent is well ahead of the next."""
    second, first = np.sort(votes[vectorize([sentence])[0]].mean(axis=0))[-2:]
    return bool(first - second >= SURE)


def _of_different_intents(sentences: list[tuple[str, int]], count: int) -> list[str]:
    """The first sentences that get different replies."""
    first: dict[int, str] = {}
    for text, intent in sentences:
        first.setdefault(intent, text)
    return list(first.values())[:count]


def _disguised(draw: np.random.Generator, sentence: str) -> str:
    """The same words in capital letters, with other punctuation."""
    return f"{sentence.rstrip('?.!').upper()}{draw.choice(['!!!', '???', ' ...', '?!'])}"


def perform(student: Student, given: Given) -> Observed:
    """Call the student's functions, in the order of the lesson.

    Args:
        student: The student's namespace; troubles are noted there by the stub's name.
        given: From `prepare`.

    Returns:
        What was seen.
    """
    model, seen = build(student, given, given.vocabulary_size, given.n_intents)
    if model is not None:
        seen |= build_other(student, (SENTENCE_LENGTH,), *OTHER_SIZES)
        seen |= compile_(student, given, model)
        seen |= train(student, given, model, given.x, given.y, named={"epochs": given.epochs})
    seen |= _talk(student, given)
    return Observed(**seen, signatures=student.signatures)


def _talk(student: Student, given: Given) -> dict[str, Any]:
    # A model of our own, so that this hangs neither on how training went nor on what was built.
    model = keras.Sequential(
        [
            keras.Input((SENTENCE_LENGTH,)),
            keras.layers.Embedding(*given.votes.shape),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Softmax(),
        ]
    )
    model.set_weights([given.votes])
    returned: list[object] = []
    with student.step("reply"):
        returned = [student.call("reply", model, sentence) for sentence in given.sentences]
    return {
        "replies": [text[:LONGEST_REPLY] if isinstance(text, str) else "" for text in returned],
        "reply_types": [type_name(text) for text in returned],
    }
