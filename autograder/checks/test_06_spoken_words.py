"""The checks of 06-spoken-words.

Each test is one check of `course.yml`. `run` is the submission's training run; `found` takes what
the check wants to say. Loss, accuracy and confused words are computed here.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from autograder.architecture import Architecture
from autograder.checks.expect import (
    CheckFailedError,
    Finding,
    a,
    accuracy_is_reported,
    built_for_other_sizes,
    every_epoch_runs,
    every_weight_changes,
    held_out_accuracy,
    history_is_honest,
    listed,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_descends,
    reached,
)
from autograder.exercises.exercise_06_spoken_words import (
    NO_MISTAKE,
    OTHER_SIZES,
    TIES,
    Question,
)
from autograder.training import TrainingRun

Pair = tuple[int, int]
Counts = NDArray[np.int64]


def test_build_model_fits(run: TrainingRun, found: Finding) -> None:
    """`build_model` takes a clip and gives one probability for each word."""
    model_fits(_with_channel(run), found, outputs=len(run.given.words))


def test_build_model_follows_sizes(run: TrainingRun, found: Finding) -> None:
    """Asked for other frames, mel bins and words, `build_model` builds a model for those."""
    frames, mel_bins, n_words = OTHER_SIZES
    call = f"build_model(frames={frames}, mel_bins={mel_bins}, n_words={n_words})"
    model = built_for_other_sizes(run, call, _USE_ARGUMENTS)
    found.show(input_shape=list(model.input_shape), outputs=list(model.output_shape))
    if model.input_shape[:2] != (frames, mel_bins):
        raise CheckFailedError(
            f"{call} takes clips of shape {model.input_shape}, not {(frames, mel_bins)}.",
            _USE_ARGUMENTS,
        )
    if model.output_shape != (n_words,):
        raise CheckFailedError(
            f"{call} gives numbers of shape {model.output_shape} for a clip, not {(n_words,)}.",
            _USE_ARGUMENTS,
        )
    found.say(f"{call} takes clips of that size and gives {n_words} probabilities.")


def test_compile_sets_optimizer(run: TrainingRun, found: Finding) -> None:
    """The model has an optimizer; its steps go against the gradient, and are no leaps."""
    optimizer_descends(run, found)


def test_compile_loss_fits_labels(run: TrainingRun, found: Finding) -> None:
    """The loss is cross-entropy between word numbers and the softmax's probabilities."""
    loss_fits(run, found)


def test_compile_reports_accuracy(run: TrainingRun, found: Finding) -> None:
    """One of the metrics is the share of clips whose word is right."""
    accuracy_is_reported(run, found)


def test_fit_returns_history(run: TrainingRun, found: Finding) -> None:
    """`train_model` returns the history of the training that it ran."""
    history_is_honest(run, found)


def test_fit_runs_every_epoch(run: TrainingRun, found: Finding) -> None:
    """`train_model` trains for as many epochs as it is asked to."""
    every_epoch_runs(run, found)


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """Training lowers the loss on the training data."""
    loss_goes_down(run, found)


def test_every_weight_changes(run: TrainingRun, found: Finding) -> None:
    """Training moves every array of the model's weights."""
    every_weight_changes(run, found)


def test_new_voices_are_understood(run: TrainingRun, found: Finding) -> None:
    """The trained weights recognise words from voices that they have never heard."""
    held_out_accuracy(run, found)
    heard = run.outputs(run.observed.training.weights, run.held_out.x).argmax(axis=1)
    counts = _counts(run.held_out.y, heard, len(run.given.words))
    for pair in _most_confused(counts)[:1]:
        true_word, other = (run.given.words[number] for number in pair)
        found.show(most_confused=[true_word, other], clips=int(counts[pair]))
        found.say(f'{found.message} "{true_word}" is most often taken for "{other}".')


def test_most_confused_is_found(run: TrainingRun, found: Finding) -> None:
    """`most_confused` gives the pair of words with the most clips off the diagonal."""
    reached(run, "most_confused")
    counts = _counts_of(run, run.given.question)
    right = _most_confused(counts)[0]
    answer = _pair(run, "most_confused")
    found.show(expected=list(right), returned=run.observed.confused.get("most_confused"))
    if answer != right:
        raise CheckFailedError(
            f"most_confused returned {_said(run, 'most_confused')}; the right pair is {right}: "
            f"{counts[right]} clips of word {right[0]} are taken for word {right[1]}.",
            mistaken_for(counts, answer),
        )
    found.say(f"{right}, as it should be: {counts[right]} clips.")


def test_ties_go_to_the_first(run: TrainingRun, found: Finding) -> None:
    """Of pairs with equal counts `most_confused` gives the smallest true word, then the other."""
    reached(run, "most_confused")
    _insist_it_returned(run, TIES, "for data with a tie")
    tied = _most_confused(_counts_of(run, run.given.ties))
    right = tied[0]
    found.show(expected=list(right), returned=run.observed.confused.get(TIES))
    if _pair(run, TIES) != right:
        raise CheckFailedError(
            f"The pairs {listed([str(pair) for pair in tied])} have the same count, and the first "
            f"is {right}; most_confused returned {_said(run, TIES)}.",
            "Go through the true words in order, for each through the predicted words in order, "
            "and keep a pair only if its count is larger than the best so far.",
        )
    found.say(f"Of the pairs with the same count {right} comes first, as it should.")


def test_no_mistake_gives_none(run: TrainingRun, found: Finding) -> None:
    """`most_confused` gives None for a model that makes no mistake."""
    reached(run, "most_confused")
    _insist_it_returned(run, NO_MISTAKE, "for data without a mistake")
    returned = run.observed.confused_types.get(NO_MISTAKE)
    found.show(returned=run.observed.confused.get(NO_MISTAKE))
    if returned != "NoneType":
        raise CheckFailedError(
            f"Where every word is heard as what it is, most_confused returned "
            f"{_said(run, NO_MISTAKE)}; no pair is confused.",
            "Return None if the largest count off the diagonal is 0.",
        )
    found.say("None where no word is confused, as it should be.")


_USE_ARGUMENTS = (
    "Use the arguments frames, mel_bins and n_words of build_model; write no sizes of your own."
)


def _with_channel(run: TrainingRun) -> TrainingRun:
    """The run with clips as pictures, where the model takes them as such: Conv2D needs a channel.

    Keras adds that axis itself wherever clips meet the model.
    """
    model, shape = run.architecture, run.given.x.shape[1:]
    if not isinstance(model, Architecture) or model.input_shape != (*shape, 1):
        return run
    pictures = run.given.model_copy(update={"x": run.given.x[..., np.newaxis]})
    return dataclasses.replace(run, given=pictures)


def _counts(said: NDArray[np.int64], heard: NDArray[np.int64], words: int) -> Counts:
    """Clips by true word (row) and predicted word (column)."""
    counts = np.zeros((words, words), np.int64)
    np.add.at(counts, (said, heard), 1)
    return counts


def _counts_of(run: TrainingRun, question: Question) -> Counts:
    return _counts(question.said, question.heard, len(run.given.listener))


def _most_confused(counts: Counts) -> list[Pair]:
    """The pairs with the largest count off the diagonal, in order; none if there is no mistake."""
    mistakes = counts - np.diag(np.diag(counts))
    if not mistakes.any():
        return []
    return [(int(said), int(heard)) for said, heard in np.argwhere(mistakes == mistakes.max())]


def _pair(run: TrainingRun, step: str) -> Pair | None:
    """What `most_confused` returned, if it is a pair of whole numbers."""
    returned = run.observed.confused.get(step)
    match returned:
        case [float(said), float(heard)] if said.is_integer() and heard.is_integer():
            return int(said), int(heard)
        case _:
            return None


def _said(run: TrainingRun, step: str) -> str:
    """What `most_confused` returned, in a message."""
    returned = run.observed.confused.get(step)
    if returned is None:
        return a(run.observed.confused_types.get(step, "NoneType"))
    numbers = ["something else" if n is None else f"{n:g}" for n in returned[:4]]
    return f"({', '.join(numbers + ['...'] * (len(returned) > len(numbers)))})"


def _insist_it_returned(run: TrainingRun, step: str, when: str) -> None:
    trouble = run.troubles.get(step)
    if trouble is not None:
        raise CheckFailedError(
            f"most_confused raised {trouble.kind} {when}: {trouble.message}",
            "Try your function on clips that the model gets right, and on clips with a tie.",
        )


def mistaken_for(counts: Counts, answer: Pair | None) -> str:
    """One thing to do about a wrong pair: which other question it answers."""
    if answer is None:
        return "Return two word numbers: return true_word, predicted_word."
    mistakes = counts - np.diag(np.diag(counts))
    shares = [mistakes / counts.sum(axis=axis, keepdims=True) for axis in (0, 1)]
    both_ways = _largest(np.triu(mistakes + mistakes.T))
    worst = int(mistakes.sum(axis=1).argmax())
    other_questions = {
        "Leave the diagonal out: it counts the right answers.": [
            (w, w) for w in range(len(counts))
        ],
        "The true word comes first, then the word that the model took it for.": [
            pair[::-1] for pair in _most_confused(counts)
        ],
        "Count clips, do not divide: a word that is said less often has larger shares.": [
            _largest(share) for share in shares
        ],
        f"Do not add up both ways: {both_ways} and {both_ways[::-1]} are two mistakes.": [
            both_ways,
            both_ways[::-1],
        ],
        f"Word {worst} has the most mistakes in all, but they are spread over several words: look "
        "for the largest single count.": [(worst, w) for w in range(len(counts))],
    }
    for hint, answers in other_questions.items():
        if answer in answers:
            return hint
    return "Count for each pair (true, predicted) of different words, and take the largest count."


def _largest(values: NDArray[np.float64] | Counts) -> Pair:
    said, heard = np.unravel_index(int(values.argmax()), values.shape)
    return int(said), int(heard)
