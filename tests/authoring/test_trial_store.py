"""Trials that are kept: what of a Grade, in which bytes, and what they say of other thresholds."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import ROOT
from grades import make_grade, make_verdict
from pydantic import JsonValue

from autograder.authoring.calibration import (
    EntryTrials,
    Measure,
    TrialRun,
    Trials,
    read_trials,
    trial_run,
    write_trials,
)
from autograder.course import Course, load_course
from autograder.errors import CourseError
from autograder.results import Grade, Outcome

LOSS = Measure("loss_goes_down", "loss_drop", "at_least")
STEP = Measure("compile_sets_optimizer", "largest_step", "at_most")
ENVIRONMENT = {"tensorflow": "2.21.0", "python": "3.11.2"}
RUNS = (
    TrialRun(0, 2.31, {LOSS: 0.53125, STEP: 0.01}),
    TrialRun(
        7,
        1.0,
        {LOSS: 0.00012},
        failed={"loss_goes_down": Outcome.FAILED, "accuracy_passes": Outcome.TIMEOUT},
        missed=frozenset({"loss_goes_down"}),
    ),
    TrialRun(12, 0.5, {STEP: 1e-6}, flags=("The run took far less computing, “by far”.",)),
    TrialRun(13, 0.5, {}),
)
TRIALS = Trials(
    "01-first-training",
    (
        EntryTrials("right/adam", "a1", ENVIRONMENT, RUNS),
        EntryTrials("wrong/never-fits", "b2", ENVIRONMENT, RUNS[1:2]),
    ),
)


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A course whose files this test alone writes."""
    return load_course(ROOT).model_copy(update={"root": tmp_path})


def graded(outcome: Outcome, value: float, *, bound: float = 0.9) -> Grade:
    """A Grade with one check, which measured a value."""
    measured: JsonValue = {"loss_drop": {"value": value, "at_least": bound}}
    return make_grade(make_verdict(outcome=outcome, evidence={"measured": measured, "other": [1]}))


def test_trials_are_read_as_they_were_written(own: Course) -> None:
    """Text, one line per run; the same trials in another order give the same bytes."""
    assert read_trials(own, TRIALS.assignment) == Trials(TRIALS.assignment)
    written = write_trials(own, TRIALS).read_bytes()
    assert read_trials(own, TRIALS.assignment) == TRIALS
    assert len(written.splitlines()) == 1 + 2 + 5
    mixed = Trials(TRIALS.assignment, TRIALS.entries[::-1])
    assert write_trials(own, mixed).read_bytes() == written
    assert [each.entry for each in TRIALS.right] == ["right/adam"]
    assert [each.entry for each in TRIALS.wrong] == ["wrong/never-fits"]


@pytest.mark.parametrize(
    "line", ["[1,2,[0.5]]", "[1]", "[1,2.0,[null,null],{},[],0]", '{"entry":"right/x"}', "[0,"]
)
def test_damaged_trials_are_refused(own: Course, line: str) -> None:
    """The message names the file, and says what to do."""
    path = write_trials(own, TRIALS)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(CourseError, match=r"trials\.jsonl cannot be read as trials") as refused:
        read_trials(own, TRIALS.assignment)
    assert "autograder calibrate 01-first-training" in str(refused.value.tip)


def test_failure_by_a_threshold_is_decided_anew_by_another_one() -> None:
    """A failure for another reason stays; a pass can become a failure too."""
    missed = trial_run(3, graded(Outcome.FAILED, 0.8), 2.345)
    assert (missed.number, missed.cpu_seconds, missed.values) == (3, 2.35, {LOSS: 0.8})
    assert missed.failed == {"loss_goes_down": Outcome.FAILED}
    assert missed.failing({"loss_drop": 0.9}) == {"loss_goes_down"}
    assert missed.failing({"loss_drop": 0.7}) == frozenset()
    otherwise = trial_run(3, graded(Outcome.FAILED, 0.95), 1)
    assert otherwise.failing({"loss_drop": 0.7}) == {"loss_goes_down"}
    passed = trial_run(3, graded(Outcome.PASSED, 0.95), 1)
    assert passed.failing({"loss_drop": 0.9}) == frozenset()
    assert passed.failing({"loss_drop": 0.96}) == {"loss_goes_down"}


def test_rounding_moves_no_value_past_its_threshold() -> None:
    """Six digits are kept, and more where six would say that the check had passed."""
    near = trial_run(0, graded(Outcome.FAILED, 0.89999999), 1)
    assert near.values == {LOSS: 0.89999999}
    assert near.failing({"loss_drop": 0.9}) == {"loss_goes_down"}
    assert trial_run(0, graded(Outcome.FAILED, 0.12345678), 1).values == {LOSS: 0.123457}
