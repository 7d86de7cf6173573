"""What is left out is held against thresholds that were chosen without it."""

from __future__ import annotations

from autograder.authoring.calibration import (
    EntryTrials,
    Evidence,
    Measure,
    TrialRun,
    Trials,
)
from autograder.authoring.calibration.evidence import ThresholdEvidence, Values
from autograder.authoring.fairness import (
    LeftOut,
    failed,
    leave_calibrated_styles_out,
    leave_misconceptions_out,
    leave_styles_out,
    passed,
)
from autograder.results import Outcome

SCORE = Measure("learns", "score", "at_least")
STEP = Measure("steps", "step", "at_most")
THRESHOLDS = {"score": 0.5, "step": 4.0}
EXPECTED = {"wrong/close": ("learns",), "wrong/far": ("learns",), "wrong/unread": ("reads",)}


def style(name: str, *scores: float) -> EntryTrials:
    """A submission, one run for each score."""
    runs = tuple(
        TrialRun(
            number,
            1.0,
            {SCORE: score, STEP: 0.01},
            failed={"learns": Outcome.FAILED} if score < THRESHOLDS["score"] else {},
            missed=frozenset({"learns"} if score < THRESHOLDS["score"] else ()),
        )
        for number, score in enumerate(scores)
    )
    return EntryTrials(name, "", {}, runs)


GOOD, GREAT = style("right/good", 0.9, 0.91, 0.92), style("right/great", 0.94, 0.95, 0.96)
SLOW = style("right/slow", 0.6, 0.52, 0.7, 0.8)
FAR, CLOSE = style("wrong/far", 0.1, 0.12), style("wrong/close", 0.45, 0.48)


def test_style_that_sets_the_threshold_fails_without_itself() -> None:
    """Chosen without the slow style, the threshold is midway to the others: 0.7."""
    left_out = leave_styles_out(
        Trials("made-up", (GOOD, GREAT, SLOW, CLOSE, FAR)), EXPECTED, THRESHOLDS
    )
    assert left_out == [
        LeftOut(("right/good",), 3, 0),
        LeftOut(("right/great",), 3, 0),
        LeftOut(("right/slow",), 4, 2, ("learns",)),
    ]
    assert left_out[-1].share == 0.5
    assert failed(SLOW, THRESHOLDS).surprises == 0


def test_style_that_trains_alike_does_not_protect_its_twin() -> None:
    """Both are left out together, and count as one style."""
    twin = EntryTrials("right/slow-twin", "", {}, SLOW.runs)
    trials = Trials("made-up", (GOOD, SLOW, twin, CLOSE, FAR))
    assert leave_styles_out(trials, EXPECTED, THRESHOLDS)[-1] == LeftOut(
        ("right/slow", "right/slow-twin"), 8, 4, ("learns",)
    )


def test_failure_by_no_threshold_counts_with_every_threshold() -> None:
    """What no threshold decides fails a style whether it is left out or not."""
    broken = EntryTrials(
        "right/broken", "", {}, (TrialRun(0, 1.0, {SCORE: 0.9}, failed={"reads": Outcome.FAILED}),)
    )
    (good, bad) = leave_styles_out(Trials("made-up", (GOOD, broken, FAR)), EXPECTED, THRESHOLDS)
    assert (good.surprises, bad.surprises, bad.checks) == (0, 1, ("reads",))


def test_misconception_that_sets_the_threshold_passes_without_itself() -> None:
    """Chosen without the close one, the threshold is 0.4, midway from 0.12 to 0.6."""
    slow = style("right/slow", 0.6, 0.7)
    trials = Trials("made-up", (GOOD, slow, CLOSE, FAR))
    close, far = leave_misconceptions_out(trials, EXPECTED, THRESHOLDS)
    assert (close.surprises, close.runs, close.checks) == (2, 2, ("learns",))
    assert far.surprises == 0
    assert passed(CLOSE, EXPECTED["wrong/close"], THRESHOLDS).surprises == 0


def test_threshold_that_one_misconception_supports_is_gone_without_it() -> None:
    """Then every run passes it: nobody would have set it."""
    (far,) = leave_misconceptions_out(Trials("made-up", (GOOD, FAR)), EXPECTED, THRESHOLDS)
    assert (far.surprises, far.runs) == (2, 2)


def test_misconception_that_no_threshold_decides_fails_without_itself() -> None:
    """A wrong shape is wrong whatever the corpus holds."""
    run = TrialRun(0, 1.0, {SCORE: 0.9}, failed={"reads": Outcome.FAILED})
    unread = EntryTrials("wrong/unread", "", {}, (run,))
    trials = Trials("made-up", (GOOD, FAR, unread))
    _, left_out = leave_misconceptions_out(trials, EXPECTED, THRESHOLDS)
    assert (left_out.entries, left_out.surprises) == (("wrong/unread",), 0)


def test_assignment_without_trials_leaves_nothing_out() -> None:
    """Nothing was run, so nothing is said."""
    assert leave_styles_out(Trials("made-up"), EXPECTED, THRESHOLDS) == []
    assert leave_misconceptions_out(Trials("made-up"), EXPECTED, THRESHOLDS) == []


def test_calibration_without_trials_still_says_which_styles_set_thresholds() -> None:
    """It keeps each style's worst value; twins count once, unused thresholds not at all."""

    def reached(worst: float) -> Values:
        return Values(runs=60, worst=worst, spread=(worst, 0.9, 0.95))

    score = ThresholdEvidence(
        chosen=0.5,
        direction="at_least",
        checks=("learns",),
        right={
            "solution": reached(0.88),
            "right/twin": reached(0.88),
            "right/slow": reached(0.52),
        },
        wrong={"wrong/close": Values(runs=3, worst=0.48, spread=(0.4, 0.48))},
        weakest_right=0.52,
        nearest_wrong=0.48,
    )
    evidence = Evidence(
        assignment="made-up",
        evidence_digest="",
        environment={},
        right_styles=3,
        right_runs=180,
        false_fails=0,
        false_fail_at_most=0.02,
        wrong_styles=1,
        wrong_runs=3,
        false_passes=0,
        thresholds={"score": score, "history_gap": score},
    )
    found = leave_calibrated_styles_out(evidence, {"score"})
    assert [(left.entries, bool(left.surprises)) for left in found] == [
        (("solution", "right/twin"), False),
        (("right/slow",), True),
    ]
