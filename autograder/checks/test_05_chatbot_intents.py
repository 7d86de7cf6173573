"""The checks of 05-chatbot-intents.

Each test is one check of `course.yml`. `run` is the submission's training run; `found` takes what
the check wants to say. The replies that a right answer gives are worked out here, and so are loss,
accuracy and weight changes, from the weights.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from autograder.architecture import Architecture
from autograder.architecture import Embedding as EmbeddingLayer
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
    largest_changes,
    loss_fits,
    loss_goes_down,
    model_fits,
    optimizer_descends,
    reached,
    steps_like_sgd,
)
from autograder.checks.expect.diagnosis import recompiled
from autograder.datasets.intents import INTENTS, REPLIES, UNKNOWN, vectorize
from autograder.exercises.exercise_05_chatbot_intents import OTHER_SIZES, PLAIN, most_voted
from autograder.training import TrainingRun

HOW_TO_REPLY = (
    "Ask the argument `model` about vectorize([sentence]), take the place of its largest "
    "probability, and return REPLIES[that place]."
)


def test_build_model_fits(run: TrainingRun, found: Finding) -> None:
    """The model takes ten word ids, and gives a probability for each intent."""
    model_fits(run, found, outputs=run.given.n_intents)
    intents = OTHER_SIZES[1]
    shape = resized(run).output_shape
    if shape != (intents,):
        raise CheckFailedError(
            f"build_model(vocabulary_size={OTHER_SIZES[0]}, n_intents={intents}) gives numbers of "
            f"shape {shape} for a sentence; it must give {intents}.",
            "Take the units of the last layer from the argument: Dense(n_intents, ...).",
        )


def test_embedding_fits_vocabulary(run: TrainingRun, found: Finding) -> None:
    """The model begins with a table that has a row for each word id, and not one too few."""
    reached(run, "build_model")
    wanted = [run.given.vocabulary_size, OTHER_SIZES[0]]
    rows = [rows_of_embedding(run.architecture), rows_of_embedding(resized(run))]
    found.show(vocabulary_sizes=list(wanted), rows=list(rows))
    for size, has in zip(wanted, rows, strict=True):
        if has < size:
            raise CheckFailedError(
                f"For a vocabulary of {size} ids the Embedding has {has} rows, so the ids from "
                f"{has} on have none.",
                "The vocabulary's size counts every id, padding and unknown too: "
                "Embedding(vocabulary_size, ...).",
            )
    if rows[0] == rows[1]:
        raise CheckFailedError(
            f"The Embedding has {rows[0]} rows for a vocabulary of {wanted[0]} ids, and as many "
            f"for one of {wanted[1]}.",
            "Take the number of rows from the argument: Embedding(vocabulary_size, ...).",
        )
    found.say(f"The Embedding has {rows[0]} rows for {wanted[0]} word ids.")


def test_compile_sets_optimizer(run: TrainingRun, found: Finding) -> None:
    """The model has an optimizer; its steps go against the gradient, and are no leaps."""
    optimizer_descends(run, found, "keras.optimizers.Adam(0.01)")


def test_compile_loss_fits_labels(run: TrainingRun, found: Finding) -> None:
    """The loss is cross-entropy between intent numbers and the softmax's probabilities."""
    loss_fits(run, found)


def test_compile_reports_accuracy(run: TrainingRun, found: Finding) -> None:
    """One of the metrics is the share of sentences whose intent is right."""
    accuracy_is_reported(run, found)


def test_fit_returns_history(run: TrainingRun, found: Finding) -> None:
    """`train_model` returns the history of the training that it ran."""
    history_is_honest(run, found)


def test_fit_runs_every_epoch(run: TrainingRun, found: Finding) -> None:
    """`train_model` trains for as many epochs as it is asked to."""
    every_epoch_runs(run, found)


def test_loss_goes_down(run: TrainingRun, found: Finding) -> None:
    """Training lowers the loss on the training sentences."""
    with mistakes_named(run):
        loss_goes_down(run, found)


def test_every_weight_changes(run: TrainingRun, found: Finding) -> None:
    """Training moves every array of weights, the words' table too."""
    with mistakes_named(run):
        every_weight_changes(run, found)


def test_reply_asks_the_model(run: TrainingRun, found: Finding) -> None:
    """`reply` says what belongs to the intent that the model finds most probable.

    The model is made up: each word speaks for some intent, whatever it means.
    """
    replies_are_right(run, found, slice(PLAIN), "")


def test_reply_takes_any_spelling(run: TrainingRun, found: Finding) -> None:
    """Capital letters, punctuation and unknown words lead to the right reply too."""
    how = (
        "Turn the sentence into ids by vectorize([sentence]): it knows capitals and unknown words."
    )
    replies_are_right(run, found, slice(PLAIN, None), how)


def test_paraphrases_are_understood(run: TrainingRun, found: Finding) -> None:
    """The trained weights find the intent of sentences that they have never seen."""
    with mistakes_named(run):
        held_out_accuracy(run, found)


def resized(run: TrainingRun) -> Architecture:
    """What `build_model` built for other sizes."""
    vocabulary, intents = OTHER_SIZES
    call = f"build_model(vocabulary_size={vocabulary}, n_intents={intents})"
    return built_for_other_sizes(run, call, "Use the arguments; write no sizes of your own.")


def rows_of_embedding(model: object) -> int:
    """How many ids the table has rows for with which the model begins."""
    first = model.layers[0] if isinstance(model, Architecture) else None
    if isinstance(first, EmbeddingLayer):
        return first.input_dim
    raise CheckFailedError(
        f"The first layer is {first}; it calculates with ids as if word 24 were twice word 12.",
        "Begin with keras.layers.Embedding(vocabulary_size, ...): a row of weights for each id.",
    )


@contextlib.contextmanager
def mistakes_named(run: TrainingRun) -> Iterator[None]:
    """Where a training did not lead far, tell whether words were frozen or their steps short."""
    try:
        yield
    except CheckFailedError as failed:
        hint = why_words_learned_nothing(run)
        if not hint:
            raise
        raise CheckFailedError(failed.message, hint, failed.outcome) from None


def why_words_learned_nothing(run: TrainingRun) -> str:
    """One thing to do about words whose rows hardly moved, or nothing."""
    training = run.observed.training
    if training is None or training.epochs_run < run.given.epochs or training.weights is None:
        return ""
    if not isinstance(run.architecture, Architecture):
        return ""  # trained, but of layers that are not graded
    changes = largest_changes(run.initial_weights, training.weights)
    still = [name for name, change in zip(run.arrays, changes, strict=True) if not change]
    if still and any(changes):
        return f"Let fit change all of it, the {still[0]} too: leave out trainable=False."
    settings = training.compiled
    if recompiled(run.observed.compiled, training) or settings is None or settings.loss_error:
        return ""
    if settings.learning_rate and steps_like_sgd(settings.steps):
        return (
            f"Steps of {settings.optimizer} hardly move the row of a rare word: "
            "use keras.optimizers.Adam(learning_rate=0.01)."
        )
    return ""


def replies_are_right(run: TrainingRun, found: Finding, which: slice, how: str) -> None:
    """Hold the replies to some of the sentences against what the made-up model answers.

    Args:
        run: The training run.
        found: Takes what the check says.
        which: The sentences.
        how: One thing to do, where the replies show no mistake of their own.
    """
    if "takes a list of sentences" in getattr(run.troubles.get("reply"), "message", ""):
        raise CheckFailedError(
            "reply gave vectorize one sentence, but it takes a list of sentences.",
            "Put the sentence into a list: vectorize([sentence]).",
        )
    reached(run, "reply")
    sentences = run.given.sentences[which]
    replies, types = (run.observed.replies or [])[which], (run.observed.reply_types or [])[which]
    if not len(replies) == len(types) == len(sentences):
        raise CheckFailedError(f"reply answered {len(replies)} of {len(sentences)}.", HOW_TO_REPLY)
    right = [most_voted(run.given.votes, sentence) for sentence in sentences]
    found.show(
        sentences=list(sentences), expected=[REPLIES[n] for n in right], returned=list(replies)
    )
    for sentence, number, text, kind in zip(sentences, right, replies, types, strict=True):
        if text.strip() == REPLIES[number]:
            continue
        said = f'"{text}"' if text else a(kind)
        raise CheckFailedError(
            f'To "{sentence}" reply returned {said}. The model that it was given finds intent '
            f'{number} most probable, so the reply is "{REPLIES[number]}"',
            reply_hint(run, replies, types, which) or how or HOW_TO_REPLY,
        )
    found.say(f"{len(sentences)} sentences, {len(sentences)} right replies.")


def reply_hint(run: TrainingRun, replies: list[str], types: list[str], which: slice) -> str:
    """Which mistake it is that gives these replies, if they show it."""
    votes, said = run.given.votes, set(replies)
    least = votes[vectorize(run.given.sentences[which])].sum(axis=1).argmin(axis=1)
    mistakes = [
        (
            "NoneType" in types,
            "Return the reply, do not print it: return REPLIES[...].",
        ),
        (
            set(types) != {"str"},
            (
                "Return the text of the reply: REPLIES[intent number], with the number from "
                "int(np.argmax(...))."
            ),
        ),
        (
            said <= set(INTENTS),
            "That is the intent's name. Look up what Otto says to it: REPLIES[intent number].",
        ),
        (
            said == {REPLIES[votes[UNKNOWN].argmax()]},
            (
                "Your ids say that each of these sentences has an unknown word: take "
                "vectorize([sentence]), which knows capitals and punctuation."
            ),
        ),
        (
            len(said) == 1,
            (
                "Every sentence gets the same reply: ask the argument `model` about the sentence "
                "that comes in, and take the most probable intent, np.argmax(probabilities[0])."
            ),
        ),
        (
            replies == [REPLIES[number] for number in least],
            "np.argmin gives the least probable intent: take np.argmax.",
        ),
    ]
    return next((hint for made, hint in mistakes if made), "")
