"""A student's total over several assignments, without the lowest marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pydantic import BaseModel, ConfigDict

from autograder.outputs.marks import Mark, MarkStatus


class Total(BaseModel):
    """One student's total.

    Attributes:
        student: The student's id.
        status: `grader_error` if an assignment has not been graded, which leaves no total;
            `missing` if nothing was handed in for one that counts; else `graded`.
        score: Points of the assignments that count; nothing that was handed in is no points. None
            without a total.
        max_score: Points that can be earned in the assignments that count.
        dropped: Assignments that do not count, because they are the lowest.
        missing: Assignments that count, and for which nothing was handed in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    status: MarkStatus
    score: float | None
    max_score: float
    dropped: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def totals(
    marks: Mapping[str, Mapping[str, Mark]], max_scores: Mapping[str, float], drop_lowest: int
) -> list[Total]:
    """The totals of everybody who has a mark in one of the assignments.

    Args:
        marks: By assignment and student.
        max_scores: Points that can be earned, by assignment.
        drop_lowest: How many assignments do not count: those with the smallest share of their
            points, of equal ones those with the most points. One always counts.

    Returns:
        The totals, sorted by student.
    """
    students = sorted({student for by_student in marks.values() for student in by_student})
    return [
        _total(
            student,
            {name: by_student.get(student) for name, by_student in marks.items()},
            max_scores,
            drop_lowest,
        )
        for student in students
    ]


def _total(
    student: str,
    marks: Mapping[str, Mark | None],
    max_scores: Mapping[str, float],
    drop_lowest: int,
) -> Total:
    scores: dict[str, float] = {}
    missing = set()
    for name, mark in marks.items():
        if mark is not None and mark.status is MarkStatus.GRADER_ERROR:
            # Nobody knows yet whether it is among the lowest.
            return Total(
                student=student,
                status=MarkStatus.GRADER_ERROR,
                score=None,
                max_score=sum(max_scores[name] for name in marks),
            )
        if mark is None or mark.score is None:
            missing.add(name)
        scores[name] = 0.0 if mark is None else mark.score or 0.0
    dropped = _lowest(scores, max_scores, min(drop_lowest, len(scores) - 1))
    counted = [name for name in scores if name not in dropped]
    owed = tuple(name for name in counted if name in missing)
    return Total(
        student=student,
        status=MarkStatus.MISSING if owed else MarkStatus.GRADED,
        score=sum(scores[name] for name in counted),
        max_score=sum(max_scores[name] for name in counted),
        dropped=tuple(name for name in scores if name in dropped),
        missing=owed,
    )


def _lowest(
    scores: Mapping[str, float], max_scores: Mapping[str, float], number: int
) -> Collection[str]:
    def share(name: str) -> tuple[float, float]:
        most = max_scores[name]
        return (scores[name] / most if most else 1.0, -most)

    return set(sorted(scores, key=share)[:number])
