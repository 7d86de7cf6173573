"""Answers written from the assignments' texts alone, without a look at checks or corpus.

Each file in `answers` says in comments what must come out: `# fails:` names
the checks that must fail, `# may:` those that may fail too, and `# borderline:` why one could judge
otherwise; `DECIDED` says how we do. In `edited` are notebooks with right answers, edited the way
people edit notebooks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from courses import NAME

from autograder.course import Course
from autograder.grading import Grader, fast_if_identical, start_grader
from autograder.results import Grade, Outcome
from autograder.submissions import Submission, SubmittedFile, read_notebook, read_submission
from tools.corpora.answers import named_checks

ANSWERS = Path(__file__).with_name("answers")
FILES = sorted(path for path in ANSWERS.glob("*/*/*") if path.suffix in {".py", ".ipynb"})
DECIDED = {
    # The text asks for fit; weights that train_on_batch moved are no training that was observed.
    "01-first-training/right/train_on_batch_history": {
        "fit_returns_history",
        "fit_runs_every_epoch",
        "every_weight_changes",
    },
    # Keras' default optimizer lowers the loss enough; that it was not chosen, another check says.
    "01-first-training/wrong/compile_forgot_optimizer": {"compile_sets_optimizer"},
    # The notebook asks for an optimizer.
    "01-first-training/right/default_optimizer": {"compile_sets_optimizer"},
    # All epochs ran; only the returned history is short.
    "01-first-training/wrong/history_of_last_epoch_only": {"fit_returns_history"},
    "01-first-training/wrong/loop_of_fits": {"fit_returns_history"},
    "05-chatbot-intents/wrong/last_history_of_loop": {"fit_returns_history"},
    # Right for the model that the notebook has.
    "01-first-training/wrong/layer_zero_without_looking": set(),
    # Nothing in the task uses what compile_model returns.
    "01-first-training/wrong/returns_what_compile_returns": set(),
    "05-chatbot-intents/wrong/returns_what_compile_returns": set(),
    "01-first-training/wrong/forgets_to_return_model": set(),
    "06-spoken-words/wrong/returns_what_compile_returns": set(),
    # A learning rate is part of what compile sets.
    "02-house-prices/wrong/learning_rate_two": {
        "weights_stay_numbers",
        "error_beats_average",
        "compile_sets_sgd",
    },
    "02-house-prices/wrong/learning_rate_one": {
        "weights_stay_numbers",
        "loss_goes_down",
        "error_beats_average",
        "compile_sets_sgd",
    },
    "01-first-training/wrong/giant_steps": {"compile_sets_optimizer"},
    "03-digit-images/wrong/learning_rate_two": {"accuracy_passes", "compile_sets_adam"},
    # The error is computed from what the model outputs.
    "02-house-prices/wrong/prices_in_units": {"prices_are_in_currency"},
    "02-house-prices/wrong/prices_stay_in_units": {"prices_are_in_currency"},
    # What it returns is right.
    "02-house-prices/wrong/scales_in_place": set(),
    "02-house-prices/wrong/scales_in_place_3": set(),
    # Its bounds lie beyond every price of the check.
    "02-house-prices/wrong/clips_to_known_prices": set(),
    # On the prices as they are given, the loss hardly goes down.
    "02-house-prices/wrong/scales_prices_again_in_training": {
        "error_beats_average",
        "loss_goes_down",
    },
    # The penalty for large weights moves them, although the output is always 1.
    "02-house-prices/wrong/softmax_on_one_unit": {"build_model_fits", "error_beats_average"},
    # The second fit makes another history than the returned one, and another loss.
    "03-digit-images/wrong/last_lesson_on_validation": {
        "validation_is_not_learned",
        "overfitting_is_seen",
        "history_shows_validation",
        "loss_goes_down",
    },
    # The given model never trains, so it cannot be seen what it trains on.
    "03-digit-images/wrong/new_model_inside_training": {
        "every_weight_changes",
        "best_weights_are_kept",
        "accuracy_passes",
        "validation_is_not_learned",
    },
    # The task asks for fit.
    "04-weight-steps/right/numpy_arithmetic": {"trajectory_follows_the_training"},
    "04-weight-steps/right/train_on_batch_by_hand": {"trajectory_follows_the_training"},
    # Without all arrays there is no random start either.
    "04-weight-steps/wrong/only_weights_of_one_layer": {
        "trajectory_begins_at_random_start",
        "trajectory_follows_the_training",
    },
    # Seven of eight intents are enough to pass.
    "05-chatbot-intents/wrong/validation_split_on_sorted_data": set(),
    "05-chatbot-intents/wrong/validation_split_of_sorted_data": set(),
    # With such labels fit raises an exception, and nothing is trained.
    "05-chatbot-intents/wrong/one_hot_labels": {
        "compile_loss_fits_labels",
        "fit_returns_history",
        "fit_runs_every_epoch",
        "every_weight_changes",
    },
    # Its ids say that ordinary words are unknown.
    "05-chatbot-intents/wrong/own_tokenizer_3": {
        "reply_takes_any_spelling",
        "reply_asks_the_model",
    },
    # A model beyond the limit of the text is not looked at.
    "06-spoken-words/wrong/three_million_weights": {
        "build_model_fits",
        "compile_sets_optimizer",
        "compile_loss_fits_labels",
        "compile_reports_accuracy",
        "fit_returns_history",
        "fit_runs_every_epoch",
    },
    # The given model was not trained at all.
    "05-chatbot-intents/wrong/trains_a_copy": {
        "fit_returns_history",
        "fit_runs_every_epoch",
        "loss_goes_down",
        "every_weight_changes",
        "paraphrases_are_understood",
    },
    # Keras builds the model when it sees data, and nothing in the task needs it earlier.
    "02-house-prices/wrong/no_input_layer": set(),
    # The name "momentum" does get momentum.
    "04-weight-steps/wrong/with_if_chain_falls_through": {"sgd_is_plain"},
    # Such a model works for all clips that are not shorter than its kernel.
    "06-spoken-words/wrong/kernel_too_long": set(),
    # Half of the clips is enough to recognize the words.
    "06-spoken-words/wrong/validation_sorted": set(),
    # As above: the answers of round 4.
    "01-first-training/wrong/always_layer_zero": set(),
    "01-first-training/wrong/loop_of_fits_4": {"fit_returns_history"},
    "01-first-training/wrong/returns_what_compile_returns_4": set(),
    "02-house-prices/wrong/forgets_unit": {"prices_are_in_currency"},
    "02-house-prices/wrong/returns_compile": set(),
    "03-digit-images/wrong/compile_returns_none": set(),
    "04-weight-steps/right/batch_by_batch": {"trajectory_follows_the_training"},
    # Houses of length 1 still differ in their features.
    "02-house-prices/wrong/l2_normalize": {"normalize_scales_training"},
    # Momentum adds up the same steps.
    "02-house-prices/wrong/momentum": set(),
    # The weights that were not trained are still numbers, and not those of a training.
    "02-house-prices/wrong/trains_a_copy": {
        "weights_stay_numbers",
        "loss_goes_down",
        "every_weight_changes",
        "error_beats_average",
    },
    # With this rate, ten times the limit or less, training lowers the loss all the same.
    "05-chatbot-intents/wrong/rate_1e2": set(),
    # Neither Jupyter nor the grader has these functions: half of one, one that became text or does
    # not parse, and those that a stub or an old version below defines again.
    "01-first-training/edited/split_inside_function": {
        "fit_returns_history",
        "fit_runs_every_epoch",
        "loss_goes_down",
        "every_weight_changes",
        "accuracy_passes",
    },
    "01-first-training/edited/untouched_copy_below": {"first_layer_weights_are_read"},
    "04-weight-steps/edited/answer_became_markdown": {
        "frozen_layer_holds_still",
        "other_layer_still_learns",
    },
    "04-weight-steps/edited/old_wrong_version_in_appendix": {
        "sgd_is_plain",
        "momentum_remembers",
        "history_is_honest",
    },
    "03-digit-images/edited/git_conflict_in_best_epoch": {"best_epoch_is_found"},
    "05-chatbot-intents/edited/reply_only_in_markdown_fence": {
        "reply_asks_the_model",
        "reply_takes_any_spelling",
    },
    "06-spoken-words/edited/most_confused_cut_off": {
        "most_confused_is_found",
        "ties_go_to_the_first",
        "no_mistake_gives_none",
    },
    # It returns a pair where nothing is confused.
    "06-spoken-words/edited/none_case_forgotten": {"no_mistake_gives_none"},
}
"""The checks that fail, where we judge otherwise than the file says."""
NEEDS_FIT = {"fit_returns_history", "fit_runs_every_epoch"}
NEEDS_VALIDATION = {
    "history_shows_validation",
    "validation_is_not_learned",
    "overfitting_is_seen",
    "best_weights_are_kept",
}
NEEDS_MODEL = {"compile_sets_optimizer", "compile_loss_fits_labels", "compile_reports_accuracy"}
FOLLOWS = {
    # fit raises an exception.
    "02-house-prices/wrong/eleven_features_4": NEEDS_FIT,
    "03-digit-images/wrong/compile_accuracy_class": NEEDS_VALIDATION,
    "03-digit-images/wrong/compile_categorical": NEEDS_VALIDATION,
    "05-chatbot-intents/wrong/accuracy_class": NEEDS_FIT,
    "05-chatbot-intents/wrong/categorical_loss": NEEDS_FIT,
    "05-chatbot-intents/wrong/no_pooling_4": NEEDS_FIT,
    "06-spoken-words/wrong/mel_bins_first": NEEDS_FIT,
    # Its outputs depend on the other images of a batch, so no loss is the recomputed one.
    "03-digit-images/wrong/build_softmax_over_batch": {
        "history_shows_validation",
        "overfitting_is_seen",
    },
    # A model beyond the limit of the text is not looked at.
    "06-spoken-words/wrong/too_many_weights": NEEDS_MODEL | NEEDS_FIT,
}
"""Checks that fail because of the mistake too, and that an author could not know."""
CHANCE = {
    # With a learning rate of 0.02 this network stops learning from most random starts.
    "03-digit-images/right/cnn_wide": {"loss_goes_down", "overfitting_is_seen", "accuracy_passes"},
    # Some giant steps happen to end at a better place.
    "01-first-training/wrong/giant_steps": {"loss_goes_down", "accuracy_passes"},
}
"""Checks that an answer fails from some random starts only."""
SAMPLE = 40
"""Every so many-th answer is graded by CI; all by `make fairness`."""


def name_of(path: Path) -> str:
    """Such as "01-first-training/right/adadelta_rate"."""
    return path.relative_to(ANSWERS).with_suffix("").as_posix()


def cases() -> Iterator[ParameterSet]:
    """A few answers to the first assignment in `make test`, and of each one in `make slow`."""
    for number, path in enumerate(FILES):
        name = name_of(path)
        sampled = number % SAMPLE == 0 or name in DECIDED
        marks = [pytest.mark.slow] if not (sampled and name.startswith(NAME)) else []
        if not sampled:
            marks.append(pytest.mark.fairness)
        yield pytest.param(path, id=name, marks=marks)


@pytest.fixture(scope="module")
def grade(course: Course) -> Iterator[object]:
    """Grade an answer; each assignment's grader is started once."""
    with ExitStack() as stack:

        @lru_cache
        def grader_of(assignment: str) -> Grader:
            grader = start_grader(course, course.assignment(assignment), stack)
            return fast_if_identical(grader, read(course.source_notebook(assignment)))

        def read(path: Path, assignment: str = "") -> Submission:
            name = assignment or path.stem
            source = read_notebook(course.source_notebook(name))
            release = read_notebook(course.release_notebook(name))
            return read_submission(SubmittedFile(path.stem, path), source, release)

        def grade_answer(path: Path) -> Grade:
            assignment = path.parts[-3]
            return grader_of(assignment).grade(read(path, assignment))

        yield grade_answer


@pytest.mark.sandbox
@pytest.mark.parametrize("path", list(cases()))
def test_answer_gets_what_it_is_worth(path: Path, grade: object) -> None:
    """A right answer gets full marks and no flag; a wrong one fails what it must, and no more."""
    assert callable(grade)
    text, name = path.read_text(), name_of(path)
    graded = grade(path)
    failed = {v.name for v in graded.checks if v.outcome is not Outcome.PASSED}
    assert path.parent.name == "wrong" or graded.flags == ()
    must = DECIDED.get(name, named_checks(text, "fails"))
    assert must <= failed
    may = named_checks(text, "may") | CHANCE.get(name, set()) | FOLLOWS.get(name, set())
    assert failed <= must | may


def test_every_decision_names_an_answer() -> None:
    """No row of the table is left over."""
    assert DECIDED.keys() | CHANCE.keys() | FOLLOWS.keys() <= {name_of(path) for path in FILES}
