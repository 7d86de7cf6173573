"""The checks of 05-chatbot-intents.

Each test is one check of `course.yml`. `run` is the submission's training run; `finding` takes what
the check reports. The right replies are computed here, and so are loss, accuracy and weight
changes, from the weights.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from autograder.checks import (
    CheckFailedError,
    Finding,
    TrainingRun,
    accuracy_is_reported,
    built_for_other_sizes,
    every_epoch_runs,
    every_weight_changes,
    held_out_accuracy,
    history_is_honest,
    largest_changes,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_descends,
    reached,
    recompiled,
    steps_like_sgd,
    with_article,
)
from autograder.errors import ArchitectureError
from autograder.exercises.architecture import Architecture, Description, Embedding, decode

from ..intents import INTENTS, REPLIES, UNKNOWN, vectorize
from .exercise import OTHER_SIZES, PLAIN, Given, Observed, most_voted

Run = TrainingRun[Given, Observed]
HOW_TO_REPLY = (
    "Pass `vectorize([sentence])` to the argument `model`, take the index of the largest "
    "probability, and `return REPLIES[index]`."
)


def test_build_model_fits(run: Run, finding: Finding) -> None:
    """The model fits the data.

    The model takes ten word ids, and outputs a probability for each intent.
    """
    model_fits(run, finding, outputs=run.given.n_intents)
    intents = OTHER_SIZES[1]
    shape = resized(run).output_shape
    if shape != (intents,):
        raise CheckFailedError(
            f"The model of `build_model(vocabulary_size={OTHER_SIZES[0]}, n_intents={intents})` "
            f"outputs an array of shape {shape} for each sentence; its shape must be {(intents,)}.",
            "Take the units of the last layer from the argument: `Dense(n_intents, ...)`.",
        )


def test_embedding_fits_vocabulary(run: Run, finding: Finding) -> None:
    """The embedding covers the vocabulary.

    The model begins with an Embedding that has a row for each word id.
    """
    reached(run, "build_model")
    sizes = [run.given.vocabulary_size, OTHER_SIZES[0]]
    rows = [rows_of_embedding(model) for model in (built(run), resized(run))]
    finding.show(vocabulary_sizes=list(sizes), rows=list(rows))
    for size, n_rows in zip(sizes, rows, strict=True):
        if n_rows < size:
            raise CheckFailedError(
                f"For a vocabulary of {size} ids the Embedding has {n_rows} rows: ids from "
                f"{n_rows} on have none.",
                "The vocabulary's size counts every id, also padding and unknown: "
                "`Embedding(vocabulary_size, ...)`.",
            )
    if rows[0] == rows[1]:
        raise CheckFailedError(
            f"The Embedding has {rows[0]} rows for a vocabulary of {sizes[0]} ids, and the same "
            f"number for one of {sizes[1]}.",
            "Take the number of rows from the argument: `Embedding(vocabulary_size, ...)`.",
        )
    finding.say(f"The Embedding has {rows[0]} rows for {sizes[0]} word ids.")


def test_compile_sets_optimizer(run: Run, finding: Finding) -> None:
    """The optimizer steps downhill.

    The optimizer's steps go against the gradient, and are not too large.
    """
    optimizer_descends(run, finding, "keras.optimizers.Adam(0.01)")


def test_compile_loss_fits_labels(run: Run, finding: Finding) -> None:
    """The loss fits the labels.

    The loss is the cross-entropy of intent numbers and the softmax's probabilities.
    """
    loss_fits(run, finding)


def test_compile_reports_accuracy(run: Run, finding: Finding) -> None:
    """The metrics report the accuracy.

    One of the metrics is the share of sentences whose intent is right.
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

    Training lowers the loss on the training sentences.
    """
    with hints_about_words(run):
        loss_goes_down(run, finding)


def test_every_weight_changes(run: Run, finding: Finding) -> None:
    """Every array of weights changes.

    Training changes every array of weights, also the Embedding's table.
    """
    with hints_about_words(run):
        every_weight_changes(run, finding)


def test_reply_asks_the_model(run: Run, finding: Finding) -> None:
    """The reply is the one that the model picks.

    `reply` returns the reply to the intent that the model finds most probable.

    The model is made up: each word votes for some intent, whatever the word means.
    """
    replies_are_right(run, finding, slice(PLAIN), "")


def test_reply_takes_any_spelling(run: Run, finding: Finding) -> None:
    """Replies handle capitals and unknown words.

    `reply` is right with capital letters, punctuation and unknown words too.
    """
    hint = (
        "Turn the sentence into ids with `vectorize([sentence])`: it handles capitals and unknown "
        "words."
    )
    replies_are_right(run, finding, slice(PLAIN, None), hint)


def test_paraphrases_are_understood(run: Run, finding: Finding) -> None:
    """The model understands new sentences.

    The trained weights find the intent of sentences that they have never seen.
    """
    with hints_about_words(run):
        held_out_accuracy(run, finding)


def built(run: Run) -> Architecture | Description:
    """What `build_model` built for the given sizes."""
    try:
        return decode(run.observed.built)
    except ArchitectureError:
        return Description.model_validate(run.observed.built)  # it was read before


def resized(run: Run) -> Architecture | Description:
    """What `build_model` built for other sizes."""
    vocabulary, intents = OTHER_SIZES
    call = f"build_model(vocabulary_size={vocabulary}, n_intents={intents})"
    return built_for_other_sizes(run, call, "Use the arguments; do not write sizes of your own.")


def rows_of_embedding(model: Architecture | Description) -> int:
    """The number of rows of the Embedding that the model begins with.

    In a model that only its author's code can build, its longest table of weights counts as one.
    """
    kind: str
    if isinstance(model, Architecture):
        first = model.layers[model.calls[0].layer]
        if isinstance(first, Embedding):
            return first.input_dim
        kind = first.kind
    else:
        rows = [shape[0] for shape in model.arrays if len(shape) == 2]  # noqa: PLR2004 - a table
        if rows:
            return max(rows)
        kind = (model.kinds or ["missing"])[0]
    raise CheckFailedError(
        f"The first layer is {kind}; it calculates with ids as if word 24 were twice word 12.",
        "Begin with `keras.layers.Embedding(vocabulary_size, ...)`: a row of weights for each id.",
    )


@contextlib.contextmanager
def hints_about_words(run: Run) -> Iterator[None]:
    """Give a failure a better hint if the words' rows were frozen, or took only short steps."""
    try:
        yield
    except CheckFailedError as failure:
        hint = why_words_learned_nothing(run)
        if not hint:
            raise
        raise CheckFailedError(failure.message, hint, failure.outcome) from None


def why_words_learned_nothing(run: Run) -> str:
    """One thing to do about words whose rows hardly moved; "" if there is another reason."""
    training = run.observed.training
    if training is None or training.epochs_run < run.given.epochs or training.weights is None:
        return ""
    if not run.outputs_from:
        return ""  # trained, but the model cannot be graded
    changes = largest_changes(run.initial_weights, training.weights)
    still = [name for name, change in zip(run.arrays, changes, strict=True) if not change]
    if still and any(changes):
        return f"Let `fit` change all weights, also the {still[0]}: leave out `trainable=False`."
    settings = training.compiled
    if recompiled(run.observed.compiled, training) or settings is None or settings.loss_error:
        return ""
    if settings.learning_rate and steps_like_sgd(settings.steps):
        return (
            f"The steps of {settings.optimizer} hardly move the row of a rare word: "
            "use `keras.optimizers.Adam(learning_rate=0.01)`."
        )
    return ""


def replies_are_right(run: Run, finding: Finding, which: slice, hint: str) -> None:
    """The replies to some of the sentences are those of the made-up model.

    Args:
        run: The training run.
        finding: Takes what the check reports.
        which: The sentences.
        hint: One thing to do if the replies do not show which mistake it is.
    """
    if "takes a list of sentences" in getattr(run.errors.get("reply"), "message", ""):
        raise CheckFailedError(
            "`reply` gave `vectorize` one sentence, but it takes a list of sentences.",
            "Put the sentence into a list: `vectorize([sentence])`.",
        )
    reached(run, "reply")
    sentences = run.given.sentences[which]
    replies, types = (run.observed.replies or [])[which], (run.observed.reply_types or [])[which]
    if not len(replies) == len(types) == len(sentences):
        raise CheckFailedError(
            f"`reply` answered {len(replies)} of {len(sentences)} sentences.", HOW_TO_REPLY
        )
    intents = [most_voted(run.given.votes, sentence) for sentence in sentences]
    finding.show(
        sentences=list(sentences), expected=[REPLIES[n] for n in intents], returned=list(replies)
    )
    for sentence, intent, text, kind in zip(sentences, intents, replies, types, strict=True):
        if text.strip() == REPLIES[intent]:
            continue
        returned = f'"{text}"' if text else with_article(kind)
        raise CheckFailedError(
            f'For "{sentence}" `reply` returned {returned}. The given model finds intent {intent} '
            f'most probable, so the right reply is "{REPLIES[intent]}"',
            reply_hint(run, replies, types, which) or hint or HOW_TO_REPLY,
        )
    finding.say(f"{len(sentences)} sentences, {len(sentences)} right replies.")


def reply_hint(run: Run, replies: list[str], types: list[str], which: slice) -> str:
    """One thing to do about wrong replies; "" if they do not show which mistake it is."""
    votes, different = run.given.votes, set(replies)
    least_probable = votes[vectorize(run.given.sentences[which])].sum(axis=1).argmin(axis=1)
    mistakes = [
        (
            "NoneType" in types,
            "Return the reply, do not print it: `return REPLIES[...]`.",
        ),
        (
            set(types) != {"str"},
            (
                "Return the text of the reply: `REPLIES[intent number]`, with the number from "
                "`int(np.argmax(...))`."
            ),
        ),
        (
            different <= set(INTENTS),
            "That is the intent's name. Look up Otto's reply to it: `REPLIES[intent number]`.",
        ),
        (
            different == {REPLIES[votes[UNKNOWN].argmax()]},
            (
                "Your ids say that each of these sentences has an unknown word: use "
                "`vectorize([sentence])`, which handles capitals and punctuation."
            ),
        ),
        (
            len(different) == 1,
            (
                "Every sentence gets the same reply: pass the ids of the given sentence to the "
                "argument `model`, and take the most probable intent, "
                "`np.argmax(probabilities[0])`."
            ),
        ),
        (
            replies == [REPLIES[number] for number in least_probable],
            "`np.argmin` finds the least probable intent: take `np.argmax`.",
        ),
    ]
    return next((hint for made, hint in mistakes if made), "")
