"""A sign beside the code: figures of the training that should differ, and do not."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from autograder.grading import GradeStore
from autograder.results import Grade
from autograder.similarity.answers import Answer

_FEW_VALUES = 3
"""Figures with fewer different values are the same by chance, such as those of no training."""

SAME_LOSSES = "the grader measured the same losses"
SAME_REPORTED = "fit reported the same losses"
SAME_WEIGHTS = "the trained weights of the first layer are the same"

Pair = tuple[int, int]


def same_figures(answers: Sequence[Answer], store: GradeStore) -> dict[Pair, tuple[str, ...]]:
    """Which figures two different files have in common, to the last digit.

    Each file is trained with seeds of its own, so that code that trains gets other figures from
    each. Only Grades of exactly these files count.

    Args:
        answers: Those of the class, each of another file.
        store: Their Grades.

    Returns:
        What is the same, as clauses, by the numbers of the two answers.
    """
    groups: dict[tuple[str, object], list[int]] = defaultdict(list)
    for number, answer in enumerate(answers):
        grade = store.read(answer.students[0])
        if grade is not None and grade.submission_sha256 == answer.sha256:
            for key in set(_figures(grade)):
                groups[key].append(number)
    same: dict[Pair, list[str]] = defaultdict(list)
    for (what, _), numbers in sorted(groups.items(), key=lambda group: group[0][0]):
        for pair in itertools.combinations(numbers, 2):
            same[pair].append(what)
    return {pair: tuple(dict.fromkeys(what)) for pair, what in same.items()}


def _figures(grade: Grade) -> Iterator[tuple[str, object]]:
    """What was measured, each with what it is."""
    if grade.training is not None:
        yield from _named(SAME_LOSSES, list(grade.training.loss))
    for verdict in grade.checks:
        curve = verdict.evidence.get("loss_curve")
        if isinstance(curve, dict):
            yield from _named(SAME_LOSSES, curve.get("recomputed"))
            yield from _named(SAME_REPORTED, curve.get("reported"))
        kernel = verdict.evidence.get("kernel")
        if isinstance(kernel, dict):
            yield from _named(SAME_WEIGHTS, kernel.get("after"))


def _named(what: str, values: JsonValue | Sequence[float | None]) -> Iterator[tuple[str, object]]:
    numbers = tuple(_numbers(values))
    if len(set(numbers)) >= _FEW_VALUES:
        yield what, numbers


def _numbers(values: object) -> Iterator[float]:
    if isinstance(values, list):
        for value in values:
            yield from _numbers(value)
    elif isinstance(values, (int, float)) and not isinstance(values, bool):
        yield float(values)
