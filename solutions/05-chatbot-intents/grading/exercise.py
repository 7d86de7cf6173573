"""05-chatbot-intents: build, compile and train a network on word ids, and let it reply."""

from __future__ import annotations

from typing import ClassVar, TypedDict

import keras
import numpy as np
from numpy.typing import NDArray

from autograder.course import Seeds
from autograder.exercises import (
    CLASSIFICATION,
    Exercise,
    GradingData,
    HeldOut,
    PracticeSamples,
    Student,
    TrainingGiven,
    TrainingObserved,
    build,
    build_other,
    compile_model,
    make_probe,
    renumber_classes,
    sample_per_class,
    train,
    type_name,
)

from ..intents import (
    FIRST_WORD_ID,
    INTENTS,
    PADDING,
    SENTENCE_LENGTH,
    UNKNOWN,
    VOCABULARY_SIZE,
    utterances,
    vectorize,
)

EACH, HELD_OUT_EACH = 75, 15
"""Utterances of each intent. In practice the held-out ones are public; grading has its own."""
EPOCHS = 30
"""Not the notebook's 25, so that a stub that ignores `epochs` fails."""
OTHER_SIZES = (120, 3)
"""Another vocabulary size and number of intents, so that a size that is written out fails."""
PLAIN, SHOUTED, UNKNOWN_WORD = 3, 2, 1
"""Sentences for `reply`: as people write, in capital letters, with a word that nobody knows."""
UNKNOWN_WORDS = ("quokka", "zeppelin", "gondola", "wombat", "xylophone", "trombone", "marzipan")
"""Words that are not in the vocabulary."""
MARGIN = 0.3
"""How far the made-up model's most probable intent is ahead of the next, before softmax."""
LONGEST_REPLY = 500
_PUBLIC, _NUMBERS, _PROBE, _VOTES, _QUESTIONS = 0, 2, 3, 4, 5
"""Each use of a seed has its own stream of random numbers."""


class Given(TrainingGiven):
    """What the student's functions get.

    Attributes:
        vocabulary_size: How many ids there are in `x`.
        n_intents: How many intents there are in `y`.
        votes: How strongly each word id votes for each intent in a made-up model, shape
            (ids, intents), float32.
        sentences: Sentences for `reply`: first `PLAIN` ones as people write, then `SHOUTED` ones in
            capital letters, then `UNKNOWN_WORD` ones with a word that is not in the vocabulary.
    """

    vocabulary_size: int
    n_intents: int
    votes: np.ndarray
    sentences: list[str]


class Observed(TrainingObserved):
    """What `perform` observes; see `TrainingObserved`.

    Attributes:
        replies: What `reply` returned for each sentence, as text, at most 500 characters.
        reply_types: Class names of what it returned.
    """

    replies: list[str] | None = None
    reply_types: list[str] | None = None


class ReplyFields(TypedDict):
    """What is observed of `reply`; see `Observed`."""

    replies: list[str]
    reply_types: list[str]


class ChatbotIntents(Exercise[Given, Observed]):
    """Build, compile and train a network on word ids, and let it reply."""

    objective = CLASSIFICATION
    signatures: ClassVar = {
        "build_model": ("vocabulary_size", "n_intents"),
        "compile_model": ("model",),
        "train_model": ("model", "x", "y", "epochs"),
        "reply": ("model", "sentence"),
    }

    def prepare(self, seeds: Seeds, grading: GradingData | None) -> tuple[Given, HeldOut]:
        """Draw the utterances, and make up a model and sentences for `reply`."""
        sentences, labels = utterances()
        x = vectorize(sentences)
        if grading is None:
            held_out = _held_out_in_practice(seeds, labels)
            x_held_out, y_held_out = x[held_out], labels[held_out]
            x, labels = np.delete(x, held_out, axis=0), np.delete(labels, held_out)
        else:
            held_out_sentences, y_held_out = grading.read(".csv", utterances)
            x_held_out = vectorize(held_out_sentences)
        rng = np.random.default_rng([seeds.training_draw, _PUBLIC])
        training = sample_per_class(rng, labels, EACH)

        ids, intents = _numbers(seeds, grading)
        votes = _make_up_votes(np.random.default_rng([seeds.shuffling, _VOTES]))
        given = Given(
            x=ids[x[training]],
            y=intents[labels[training]],
            epochs=EPOCHS,
            shuffling=seeds.shuffling,
            start_seed=seeds.initial_weights,
            probe=make_probe(
                CLASSIFICATION, len(INTENTS), np.random.default_rng([seeds.shuffling, _PROBE])
            ),
            vocabulary_size=VOCABULARY_SIZE,
            n_intents=len(INTENTS),
            votes=votes,
            sentences=_choose_sentences(
                np.random.default_rng([seeds.shuffling, _QUESTIONS]), votes
            ),
        )
        return given, HeldOut(x=ids[x_held_out], y=intents[y_held_out])

    def perform(self, student: Student, given: Given) -> Observed:
        """Call the student's functions, in the order of the lesson."""
        model, built = build(student, given, *self.build_arguments(given))
        return Observed(
            **built,
            **build_other(student, given, (SENTENCE_LENGTH,), *OTHER_SIZES),
            **compile_model(student, given, model),
            **train(student, given, model, given.x, given.y, kwargs={"epochs": given.epochs}),
            **_ask_for_replies(student, given),
            signatures=student.signatures,
        )

    def build_arguments(self, given: Given) -> tuple[object, ...]:
        """The size of the vocabulary and the number of intents."""
        return given.vocabulary_size, given.n_intents

    def practice_samples(self, seeds: Seeds, grading: GradingData | None) -> PracticeSamples:
        """The sentences that are held out in practice, where students have them."""
        sentences, labels = utterances()
        held_out = _held_out_in_practice(grading.practice_seeds if grading else seeds, labels)
        texts = [sentences[number] for number in held_out]
        ids, intents = _numbers(seeds, grading)
        return PracticeSamples(
            x=ids[vectorize(texts)],
            y=intents[labels[held_out]],
            names=[INTENTS[old] for old in np.argsort(intents)],
            texts=texts,
        )


def _held_out_in_practice(seeds: Seeds, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of the public utterances that are held out in practice."""
    rng = np.random.default_rng([seeds.held_out, _PUBLIC])
    return sample_per_class(rng, labels, HELD_OUT_EACH)


def _numbers(
    seeds: Seeds, grading: GradingData | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids of the words and the numbers of the intents: in grading others than students know."""
    rng = np.random.default_rng([seeds.training_draw, _NUMBERS])
    return _renumber_words(rng, grading), renumber_classes(rng, len(INTENTS), grading)


def _renumber_words(rng: np.random.Generator, grading: GradingData | None) -> NDArray[np.int64]:
    """Give each word an id: its own in practice, a random one in grading; padding keeps its own."""
    words = np.arange(FIRST_WORD_ID, VOCABULARY_SIZE)
    if grading is not None:
        words = rng.permutation(words)
    return np.concatenate([np.arange(FIRST_WORD_ID), words])


def _make_up_votes(rng: np.random.Generator) -> np.ndarray:
    """Each word votes for one intent, whatever it means: padding for none, unknown words most.

    Unknown words never vote for intent 0: that is the answer to everything after several mistakes.
    """
    votes = np.zeros((VOCABULARY_SIZE, len(INTENTS)), np.float32)
    intents = rng.integers(len(INTENTS), size=VOCABULARY_SIZE)
    intents[UNKNOWN] = rng.integers(1, len(INTENTS))
    votes[np.arange(VOCABULARY_SIZE), intents] = rng.uniform(5, 10, VOCABULARY_SIZE)
    votes[PADDING] = 0
    votes[UNKNOWN] *= 5
    return votes


def most_voted(votes: np.ndarray, sentence: str) -> int:
    """The intent with the most votes of a sentence's words: what the made-up model predicts."""
    return int(votes[vectorize([sentence])[0]].sum(axis=0).argmax())


def _choose_sentences(rng: np.random.Generator, votes: np.ndarray) -> list[str]:
    """Sentences for which the made-up model clearly predicts another intent than they mean."""
    sentences, labels = utterances()
    order = rng.permutation(len(sentences))
    candidates = [
        (sentences[i], most_voted(votes, sentences[i]))
        for i in order
        if UNKNOWN not in vectorize([sentences[i]]) and _is_clear(votes, sentences[i])
        if most_voted(votes, sentences[i]) != labels[i]
    ]
    intent_of_unknown = votes[UNKNOWN].argmax()
    candidates = [(text, intent) for text, intent in candidates if intent != intent_of_unknown]
    plain, shouted, unknown = candidates[::3], candidates[1::3], candidates[2::3]
    return [
        *_of_different_intents(plain, PLAIN),
        *(_shout(rng, text) for text in _of_different_intents(shouted, SHOUTED)),
        *(f"{text} {rng.choice(UNKNOWN_WORDS)}" for text, _ in unknown[:UNKNOWN_WORD]),
    ]


def _is_clear(votes: np.ndarray, sentence: str) -> bool:
    """Whether the made-up model's most probable intent is well ahead of the next."""
    second, first = np.sort(votes[vectorize([sentence])[0]].mean(axis=0))[-2:]
    return bool(first - second >= MARGIN)


def _of_different_intents(sentences: list[tuple[str, int]], count: int) -> list[str]:
    """The first sentences whose intents all differ."""
    first: dict[int, str] = {}
    for text, intent in sentences:
        first.setdefault(intent, text)
    return list(first.values())[:count]


def _shout(rng: np.random.Generator, sentence: str) -> str:
    """The same words in capital letters, with other punctuation."""
    return f"{sentence.rstrip('?.!').upper()}{rng.choice(['!!!', '???', ' ...', '?!'])}"


def _ask_for_replies(student: Student, given: Given) -> ReplyFields:
    # Our own model: this does not depend on what the student built, or on how training went.
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
