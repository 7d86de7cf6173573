"""The checks of 06-spoken-words.

Each test is one check of `course.yml`. `run` is the submission's training run; `finding` takes what
the check reports. Loss, accuracy and confused words are computed here.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from autograder.checks import (
    CheckFailedError,
    Finding,
    GradedModel,
    TrainingRun,
    accuracy_is_reported,
    built_for_other_sizes,
    every_epoch_runs,
    every_weight_changes,
    finite_weights,
    held_out_accuracy,
    history_is_honest,
    join_names,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_descends,
    reached,
    trained,
    with_article,
)

from .exercise import NO_MISTAKE, OTHER_SIZES, TIES, Given, Observed, Question

Run = TrainingRun[Given, Observed]
Pair = tuple[int, int]
Counts = NDArray[np.int64]
USE_ARGUMENTS = (
    "Use the arguments `frames`, `mel_bins` and `n_words` of `build_model`; do not write sizes of "
    "your own."
)


def test_build_model_fits(run: Run, finding: Finding) -> None:
    """The model fits the data.

    The model takes a clip and outputs one probability for each word.
    """
    model_fits(with_channel(run), finding, outputs=len(run.given.words))


def test_build_model_follows_sizes(run: Run, finding: Finding) -> None:
    """The model adapts to other sizes.

    `build_model` builds a model for other numbers of frames, mel bins and words too.
    """
    frames, mel_bins, n_words = OTHER_SIZES
    call = f"build_model(frames={frames}, mel_bins={mel_bins}, n_words={n_words})"
    model = built_for_other_sizes(run, call, USE_ARGUMENTS)
    finding.show(input_shape=list(model.input_shape), outputs=list(model.output_shape))
    if model.input_shape and model.input_shape[:2] != (frames, mel_bins):
        raise CheckFailedError(
            f"The model of `{call}` takes clips of shape {model.input_shape}, not "
            f"{(frames, mel_bins)}.",
            USE_ARGUMENTS,
        )
    if model.output_shape != (n_words,):
        raise CheckFailedError(
            f"For each clip the model of `{call}` outputs an array of shape {model.output_shape}, "
            f"not {(n_words,)}.",
            USE_ARGUMENTS,
        )
    finding.say(f"The model of `{call}` takes such clips and outputs {n_words} probabilities.")


def test_compile_sets_optimizer(run: Run, finding: Finding) -> None:
    """The optimizer steps downhill.

    The optimizer's steps go against the gradient, and are not too large.
    """
    optimizer_descends(run, finding)


def test_compile_loss_fits_labels(run: Run, finding: Finding) -> None:
    """The loss fits the labels.

    The loss is the cross-entropy of word numbers and the softmax's probabilities.
    """
    loss_fits(run, finding)


def test_compile_reports_accuracy(run: Run, finding: Finding) -> None:
    """The metrics report the accuracy.

    One of the metrics is the share of clips whose word is right.
    """
    accuracy_is_reported(run, finding)


def test_fit_returns_history(run: Run, finding: Finding) -> None:
    """The training history is returned.

    `train_model` returns the history of the training that it ran.
    """
    history_is_honest(run, finding)


def test_fit_runs_every_epoch(run: Run, finding: Finding) -> None:
    """Training runs for every epoch.

    `train_model` trains for as many epochs as it is asked to.
    """
    every_epoch_runs(run, finding)


def test_loss_goes_down(run: Run, finding: Finding) -> None:
    """Training lowers the loss.

    Training lowers the loss on the training data.
    """
    loss_goes_down(run, finding)


def test_every_weight_changes(run: Run, finding: Finding) -> None:
    """Every array of weights changes.

    Training changes every array of the model's weights.
    """
    every_weight_changes(run, finding)


def test_new_voices_are_understood(run: Run, finding: Finding) -> None:
    """The model understands new voices.

    The trained weights recognize words from voices that they have never heard.
    """
    held_out_accuracy(run, finding)
    weights = finite_weights(run, trained(run))
    predicted = run.outputs(weights, run.held_out.x).argmax(axis=1)
    counts = count_pairs(run.held_out.y, predicted, len(run.given.words))
    for pair in most_confused_pairs(counts)[:1]:
        true_word, other = (run.given.words[number] for number in pair)
        finding.show(most_confused=[true_word, other], clips=int(counts[pair]))
        finding.say(f'{finding.message} "{true_word}" is most often taken for "{other}".')


def test_most_confused_is_found(run: Run, finding: Finding) -> None:
    """The most confused pair is found.

    `most_confused` returns the pair of words with the largest count off the diagonal.
    """
    reached(run, "most_confused")
    counts = count_answers(run, run.given.question)
    expected = most_confused_pairs(counts)[0]
    answer = returned_pair(run, "most_confused")
    finding.show(expected=list(expected), returned=returned_json(run, "most_confused"))
    if answer != expected:
        raise CheckFailedError(
            f"`most_confused` returned {returned_text(run, 'most_confused')}; the right pair is "
            f"{expected}: {counts[expected]} clips of word {expected[0]} are taken for word "
            f"{expected[1]}.",
            pair_hint(counts, answer),
        )
    finding.say(
        f"`most_confused` returned {expected}, as expected: {counts[expected]} clips of word "
        f"{expected[0]} are taken for word {expected[1]}."
    )


def test_ties_go_to_the_first(run: Run, finding: Finding) -> None:
    """Ties go to the first pair.

    Of pairs with equal counts, `most_confused` returns the smallest: true word first.
    """
    reached(run, "most_confused")
    require_return(run, TIES, "For data with a tie")
    tied = most_confused_pairs(count_answers(run, run.given.ties))
    expected = tied[0]
    finding.show(expected=list(expected), returned=returned_json(run, TIES))
    if returned_pair(run, TIES) != expected:
        raise CheckFailedError(
            f"The pairs {join_names(map(str, tied))} have the same count, and {expected} comes "
            f"first; `most_confused` returned {returned_text(run, TIES)}.",
            "Go through the true words in order, and for each through the predicted words in "
            "order; keep a pair only if its count is larger than the best so far.",
        )
    finding.say(
        f"Of the pairs with the same count, `most_confused` returned the first, {expected}."
    )


def test_no_mistake_gives_none(run: Run, finding: Finding) -> None:
    """A model without mistakes gives `None`.

    `most_confused` returns `None` for a model that makes no mistake.
    """
    reached(run, "most_confused")
    require_return(run, NO_MISTAKE, "For data without a mistake")
    finding.show(returned=returned_json(run, NO_MISTAKE))
    if run.observed.confused_types.get(NO_MISTAKE) != "NoneType":
        raise CheckFailedError(
            f"For a model that makes no mistake, `most_confused` returned "
            f"{returned_text(run, NO_MISTAKE)}; no pair is confused.",
            "Return `None` if the largest count off the diagonal is 0.",
        )
    finding.say("For a model that makes no mistake, `most_confused` returned `None`, as expected.")


def with_channel(run: Run) -> Run:
    """The run with clips as pictures if the model takes pictures: Conv2D needs a channel.

    Keras adds this axis itself when the model gets clips.
    """
    model, shape = run.model, run.given.x.shape[1:]
    if not isinstance(model, GradedModel) or model.input_shape != (*shape, 1):
        return run
    pictures = run.given.model_copy(update={"x": run.given.x[..., np.newaxis]})
    return dataclasses.replace(run, given=pictures)


def count_pairs(true: NDArray[np.int64], predicted: NDArray[np.int64], words: int) -> Counts:
    """Clips by true word (row) and predicted word (column)."""
    counts = np.zeros((words, words), np.int64)
    np.add.at(counts, (true, predicted), 1)
    return counts


def count_answers(run: Run, question: Question) -> Counts:
    """Clips of a question by true word and by the word that the small model predicts."""
    kernel = run.given.small_kernel
    predicted = (question.x.reshape(len(question.x), -1) @ kernel).argmax(axis=1)
    return count_pairs(question.true, predicted, len(kernel))


def most_confused_pairs(counts: Counts) -> list[Pair]:
    """The pairs with the largest count off the diagonal, in order; none if there is no mistake."""
    mistakes = counts - np.diag(np.diag(counts))
    if not mistakes.any():
        return []
    return [(int(true), int(other)) for true, other in np.argwhere(mistakes == mistakes.max())]


def returned_pair(run: Run, step: str) -> Pair | None:
    """What `most_confused` returned, if it is a pair of whole numbers."""
    match run.observed.confused.get(step):
        case [float(true), float(other)] if true.is_integer() and other.is_integer():
            return int(true), int(other)
        case _:
            return None


def returned_json(run: Run, step: str) -> JsonValue:
    """What `most_confused` returned, as evidence."""
    returned = run.observed.confused.get(step)
    return None if returned is None else list(returned)


def returned_text(run: Run, step: str) -> str:
    """What `most_confused` returned, for a message."""
    returned = run.observed.confused.get(step)
    if returned is None:
        return with_article(run.observed.confused_types.get(step, "NoneType"))
    numbers = ["something else" if n is None else f"{n:g}" for n in returned[:4]]
    return f"({', '.join(numbers + ['...'] * (len(returned) > len(numbers)))})"


def require_return(run: Run, step: str, data: str) -> None:
    """A further call of `most_confused` did not raise."""
    error = run.errors.get(step)
    if error is not None:
        raise CheckFailedError(
            f"{data} `most_confused` {error}",
            "Try your function on clips that the model gets right, and on clips with a tie.",
        )


def pair_hint(counts: Counts, answer: Pair | None) -> str:
    """One thing to do about a wrong pair: which other question it answers."""
    if answer is None:
        return "Return two word numbers: `return true_word, predicted_word`."
    mistakes = counts - np.diag(np.diag(counts))
    shares = [mistakes / counts.sum(axis=axis, keepdims=True) for axis in (0, 1)]
    both_ways = largest_entry(np.triu(mistakes + mistakes.T))
    worst = int(mistakes.sum(axis=1).argmax())
    wrong_answers = {
        "Leave the diagonal out: it counts the right answers.": [
            (w, w) for w in range(len(counts))
        ],
        "The true word comes first, then the word that the model took it for.": [
            (other, true) for true, other in most_confused_pairs(counts)
        ],
        "Count clips, do not divide: a word with fewer clips has larger shares.": [
            largest_entry(share) for share in shares
        ],
        f"Do not add up both ways: {both_ways} and {both_ways[::-1]} are two mistakes.": [
            both_ways,
            both_ways[::-1],
        ],
        f"Word {worst} has the most mistakes in total, but spread over several words: find the "
        "largest single count.": [(worst, w) for w in range(len(counts))],
    }
    for hint, answers in wrong_answers.items():
        if answer in answers:
            return hint
    return "Count for each pair (true, predicted) of different words, and take the largest count."


def largest_entry(values: NDArray[np.float64] | Counts) -> Pair:
    """Row and column of the largest value."""
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return int(row), int(column)
