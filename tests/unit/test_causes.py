"""The experiment that finds the function to blame: which checks pass with one function replaced."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from grades import make_grade, make_verdict

from autograder.course import FollowThrough, Limits
from autograder.feedback.causes import causes_of
from autograder.grading.causes import with_causes
from autograder.grading.grader import Grader
from autograder.results import Grade, Outcome, Verdict
from autograder.submissions import Cell, Submission

ABOUT = {"sets": "compile", "epochs": "train", "loss": "train", "accuracy": "train", "read": "read"}
"""The function that each check of the made-up assignment is about."""
NEEDS = {
    "sets": {"compile"},
    "epochs": {"train"},
    "loss": {"compile", "train"},
    "accuracy": {"compile", "train"},
    "read": {"read"},
}
"""The functions that have to be right for a check to pass."""
FUNCTIONS = {name: Cell(name=name, source="") for name in ("compile", "train", "read")}


@dataclasses.dataclass(frozen=True)
class MadeUpGrader:
    """Grades as if the functions in `wrong` were wrong; the last cells of that name are right."""

    wrong: frozenset[str]
    runs: list[tuple[str, ...]]
    course: Any
    on_broken: Callable[[str, str], None] = lambda _student, _text: None

    def grade(self, submission: Submission) -> Grade:
        """The Grade of a submission whose replaced functions are right."""
        replaced = tuple(cell.name for cell in submission.cells)
        self.runs.append(replaced)
        wrong = self.wrong - set(replaced)
        return make_grade(
            *(
                make_verdict(
                    check, Outcome.FAILED if needs & wrong else Outcome.PASSED, max_points=2
                ).model_copy(update={"about": ABOUT[check]})
                for check, needs in NEEDS.items()
            )
        )


def grade(
    *wrong: str, rule: FollowThrough = "none", cpu_seconds: float = 0, **fields: Any
) -> tuple[dict[str, Verdict], Grade, list[tuple[str, ...]]]:
    """Grade with some functions wrong: verdicts, the Grade, and what each further run replaced."""
    course = SimpleNamespace(follow_through=rule, limits=Limits())
    grader = MadeUpGrader(frozenset(wrong), [], course)
    submission = Submission("ada", "a" * 64, None, {}, (), {}, frozenset(), ())
    first = grader.grade(submission).model_copy(update=fields)
    grader.runs.clear()
    found = with_causes(cast("Grader", grader), submission, first, FUNCTIONS, cpu_seconds)
    return {verdict.name: verdict for verdict in found.checks}, found, grader.runs


def causes(verdicts: Mapping[str, Verdict]) -> dict[str, tuple[str, bool]]:
    """The cause of each check that has one, and whether the check follows."""
    return {v.name: (v.cause, v.follows) for v in verdicts.values() if v.cause}


def test_checks_of_other_functions_follow_from_the_wrong_one() -> None:
    """One wrong function explains all that failed, and only its own check is its own."""
    verdicts, _, _ = grade("compile")
    assert causes(verdicts) == {
        "sets": ("compile", False),
        "loss": ("compile", True),
        "accuracy": ("compile", True),
    }


def test_two_mistakes_have_their_own_checks() -> None:
    """Mistakes that do not meet are told apart."""
    verdicts, _, _ = grade("train", "read")
    assert causes(verdicts) == {
        "epochs": ("train", False),
        "loss": ("train", False),
        "accuracy": ("train", False),
        "read": ("read", False),
    }


def test_what_two_mistakes_make_fail_together_is_no_ones_consequence() -> None:
    """A check whose own function is wrong too does not follow, so it earns no points."""
    verdicts, found, _ = grade("compile", "train", rule="full")
    assert causes(verdicts) == {
        "sets": ("compile", False),
        "epochs": ("train", False),
        "loss": ("train", False),
        "accuracy": ("train", False),
    }
    assert found.score == 2


@pytest.mark.parametrize("wrong", ["read", "compile", "train"])
def test_likeliest_function_is_tried_first(wrong: str) -> None:
    """A mistake whose own checks say so takes a single further run."""
    _, _, runs = grade(wrong)
    assert runs == [(wrong,)]


def test_two_mistakes_that_do_not_meet_take_two_runs() -> None:
    """Nothing is tried once every failed check is explained."""
    _, _, runs = grade("train", "read")
    assert runs == [("train",), ("read",)]


@pytest.mark.parametrize(("rule", "score"), [("none", 4), ("half", 6), ("full", 8)])
def test_follow_through_decides_what_a_consequence_costs(rule: FollowThrough, score: float) -> None:
    """The rule and what it gave stand in the evidence; the outcome stays failed."""
    verdicts, found, _ = grade("compile", rule=rule)
    assert found.score == score
    assert found.outcome is Outcome.FAILED
    points = (score - 4) / 2
    told = {"rule": rule, "points": points, "of": 2}
    for name in ("loss", "accuracy"):
        assert verdicts[name].evidence["follow_through"] == told
        assert (verdicts[name].points, verdicts[name].outcome) == (points, Outcome.FAILED)
    assert "follow_through" not in verdicts["sets"].evidence


def test_right_submission_runs_once() -> None:
    """Only submissions that fail pay for experiments."""
    verdicts, _, runs = grade()
    assert (causes(verdicts), runs) == ({}, [])


@pytest.mark.parametrize(
    "fields",
    [
        {"endings": ("train did not finish within 60 seconds",)},
        {"checks": (make_verdict("loss"), make_verdict("sets", Outcome.TIMEOUT))},
        {"cpu_seconds": 50.0},
    ],
    ids=["ended early", "out of time", "long run"],
)
def test_run_that_takes_long_is_not_repeated(fields: dict[str, Any]) -> None:
    """Nobody can make the grader busy for many times of what a submission may take."""
    verdicts, _, runs = grade("train", **fields)
    assert (causes(verdicts), runs) == ({}, [])


def test_slow_machine_does_not_change_what_is_tried() -> None:
    """How long a run took beside others decides nothing: points may depend on the experiments."""
    verdicts, _, _ = grade("train", seconds=50.0)
    assert causes(verdicts)


def test_words_name_the_function_and_what_passes_with_a_right_one() -> None:
    """The report says what the experiment showed, and nothing if nothing follows."""
    verdicts, _, _ = grade("compile", "read")
    first, second = causes_of(list(verdicts.values()))
    assert (first.function, second.function) == ("`compile`", "`read`")
    assert "Fix `compile` first." in first.words
    assert "passes “Loss” and “Accuracy” as it stands." in first.words
    assert second.words == ""
