"""Find the function that made checks fail, by experiment: replace it by the solution's, run again.

A check that passes with the course's own `compile_model` in place of the student's failed because
of the student's `compile_model`, whatever the check is about.

The replaced runs have the same walls and seeds. Only which checks pass leaves them: student code
that runs beside the solution could print it, and a message could quote it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence

from autograder.course import FollowThrough
from autograder.grading.grader import Grader
from autograder.grading.verdicts import overall_outcome
from autograder.results import Grade, Outcome, Verdict
from autograder.submissions import (
    Cell,
    Notebook,
    Submission,
    grade_id,
    is_solution,
    names_defined_in,
    source_of,
)

_SHARE: Mapping[FollowThrough, float] = {"none": 0, "half": 0.5, "full": 1}
"""The share of its points that a check keeps that follows."""
_PLAIN = {Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT, Outcome.GRADER_ERROR}
"""Outcomes that say what to fix without an experiment, or that are no mark."""


def solution_cells(source: Notebook) -> dict[str, Cell]:
    """The cells of a source version that define the functions that students write, by name."""
    return {
        grade_id(cell): Cell(name=grade_id(cell), source=source_of(cell))
        for cell in source["cells"]
        if cell["cell_type"] == "code"
        and is_solution(cell)
        and grade_id(cell) in names_defined_in(source_of(cell))
    }


def is_worth_experiments(
    grader: Grader, grade: Grade, functions: Mapping[str, Cell], cpu_seconds: float
) -> bool:
    """Whether something failed that further runs may explain, in the time that there is.

    Args:
        grader: As in `with_causes`.
        grade: As in `with_causes`.
        functions: As in `with_causes`.
        cpu_seconds: As in `with_causes`.
    """
    outcomes = {verdict.outcome for verdict in grade.checks}
    too_long = cpu_seconds * len(functions) > grader.course.limits.wall_seconds
    plain = grade.endings or outcomes & _PLAIN or too_long
    return Outcome.FAILED in outcomes and not plain


def with_causes(
    grader: Grader,
    submission: Submission,
    grade: Grade,
    functions: Mapping[str, Cell],
    cpu_seconds: float = 0,
) -> Grade:
    """The same Grade with the function that made each check fail, where an experiment shows it.

    A submission that is as released, or that reached a limit, is not run again: what to fix is
    plain. Nor is one whose runs would together take longer than a submission may.

    Args:
        grader: What graded it.
        submission: The submission.
        grade: Its Grade.
        functions: From `solution_cells`.
        cpu_seconds: Computing time of its run. Wall time would depend on what else runs here.

    Returns:
        The Grade; with `follow_through` in course.yml, also with points for checks that failed only
        because of another function.
    """
    if not is_worth_experiments(grader, grade, functions, cpu_seconds):
        return grade
    experiments = _Experiments(grader, submission, grade, functions)
    causes = {check: (function, about) for check, function, about in experiments.causes()}
    rule = grader.course.follow_through
    checks = tuple(
        _with_cause(verdict, *causes[verdict.name], rule) if verdict.name in causes else verdict
        for verdict in grade.checks
    )
    score = sum(verdict.points for verdict in checks)
    return grade.model_copy(
        update={"checks": checks, "score": score, "outcome": overall_outcome(checks)}
    )


def _with_cause(verdict: Verdict, function: str, about: str, rule: FollowThrough) -> Verdict:
    if function == about:
        return verdict.model_copy(update={"cause": function})
    points = verdict.max_points * _SHARE[rule]
    told = {"rule": rule, "points": points, "of": verdict.max_points}
    return verdict.model_copy(
        update={
            "cause": function,
            "follows": True,
            "points": points,
            "evidence": {**verdict.evidence, "follow_through": told},
        }
    )


class _Experiments:
    """Runs of one submission with some of its functions replaced."""

    def __init__(
        self, grader: Grader, submission: Submission, grade: Grade, functions: Mapping[str, Cell]
    ) -> None:
        self._grader = dataclasses.replace(grader, on_broken=lambda _student, _text: None)
        self._submission = submission
        self._functions = functions
        self._failed = [v.name for v in grade.checks if v.outcome is not Outcome.PASSED]
        blamed = {v.about for v in grade.checks if v.name in self._failed}
        # In the notebook's order, since later functions use what earlier ones made; those first
        # whose own checks failed. Usually the first run is the only one.
        self._order = sorted(functions, key=lambda function: function not in blamed)

    def causes(self) -> Iterator[tuple[str, str, str]]:
        """Each failed check that an experiment explains.

        First each function by itself; then, for what is left, all together that explained some.

        Yields:
            The check, the function that made it fail, and the function that the check is about.
        """
        left = dict.fromkeys(self._failed)
        alone: dict[str, dict[str, str]] = {}
        for function in self._order:
            alone[function] = self._passing([function])
            if set(self._failed) <= set().union(*alone.values()):
                break
        replaced: list[str] = []
        while left:
            function = max(alone, key=lambda name: len(left.keys() & alone[name].keys()))
            explained = left.keys() & alone[function].keys()
            if not explained:
                break
            replaced.append(function)
            yield from self._explained(explained, [function], alone[function], left)
        if left and len(replaced) > 1:
            passing = self._passing(replaced)
            yield from self._explained(left.keys() & passing.keys(), replaced, passing, left)

    @staticmethod
    def _explained(
        checks: Collection[str],
        replaced: Sequence[str],
        about: Mapping[str, str],
        left: dict[str, None],
    ) -> Iterator[tuple[str, str, str]]:
        for check in checks:
            del left[check]
            own = about[check]
            # A check whose own function was replaced too says nothing of that function.
            yield check, own if own in replaced else replaced[-1], own

    def _passing(self, replaced: Collection[str]) -> dict[str, str]:
        """The failed checks that pass with functions replaced, and what each is about."""
        submission = self._submission
        cells = (*submission.cells, *(self._functions[name] for name in replaced))
        untouched = submission.untouched
        if untouched is not None:
            untouched -= set(replaced)
        grade = self._grader.grade(
            dataclasses.replace(submission, cells=cells, untouched=untouched)
        )
        return {
            verdict.name: verdict.about
            for verdict in grade.checks
            if verdict.name in self._failed and verdict.outcome is Outcome.PASSED
        }
