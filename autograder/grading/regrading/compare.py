"""Grade a class again, apart from its Grades, and compare each mark with the one that it has."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from autograder.course import Assignment, Course
from autograder.errors import SubmissionError
from autograder.grading.batch import Progress, class_files, graded_files
from autograder.grading.grade_store import GradeStore, grade_digest
from autograder.grading.incremental import IncrementalGrader, Options
from autograder.grading.regrading.staging import Staging
from autograder.grading.retries import Tell, with_retries
from autograder.grading.session import LocalSession
from autograder.outputs import GradedFile, each_review, format_points
from autograder.outputs.history import total, without_evidence
from autograder.results import Grade, Review, delete_partial_files, escape_formula
from autograder.submissions import Submission

_HEADINGS = ("student", "before", "after", "falls", "checks", "manual", "submission")


@dataclasses.dataclass(frozen=True)
class Comparison:
    """One student's mark before and after.

    Attributes:
        old: The class's Grade, without its evidence; None if there is none yet.
        new: The Grade of the course as it is now, without its evidence.
        review: What people added in the gradebook, which stays.
        old_digest: Digest of the whole old Grade; "" if there is none.
        new_digest: Digest of the whole new Grade.
    """

    old: Grade | None
    new: Grade
    review: Review | None
    old_digest: str
    new_digest: str

    @property
    def student(self) -> str:
        """The student's id."""
        return self.new.student

    @property
    def before(self) -> float | None:
        """The mark before, with manual marks; None if there is none."""
        return None if self.old is None else total(self.old, self.review)

    @property
    def after(self) -> float | None:
        """The mark after; None if the grader failed."""
        return total(self.new, self.review)

    @property
    def falls(self) -> bool:
        """Whether the mark has fewer points after."""
        return None not in (self.before, self.after) and (self.after or 0) < (self.before or 0)

    @property
    def rises(self) -> bool:
        """Whether there are more points after, or a mark where there was none."""
        return self.after is not None and (self.before is None or self.after > self.before)

    @property
    def is_applicable(self) -> bool:
        """Whether there is something to apply: another Grade, and one that is a mark."""
        return self.new.score is not None and self.new_digest != self.old_digest

    @property
    def is_another_submission(self) -> bool:
        """Whether the student has handed in something else since the class's Grade."""
        return self.old is not None and self.old.submission_sha256 != self.new.submission_sha256

    @property
    def moves(self) -> tuple[tuple[str, float | None, float | None], ...]:
        """Checks whose automatic points differ: name, points before and after."""
        before = {} if self.old is None else {check.name: check.points for check in self.old.checks}
        after = {check.name: check.points for check in self.new.checks}
        return tuple(
            (name, before.get(name), after.get(name))
            for name in {**after, **before}
            if before.get(name) != after.get(name)
        )

    @property
    def manual_marks(self) -> dict[str, float]:
        """Manual marks, by check; they stay."""
        marks = {} if self.review is None else self.review.marks
        return {name: points for name, (points, _) in marks.items()}


class StagedGrader(IncrementalGrader):
    """Grades into the staging folder; takes the class's Grades where nothing has changed."""

    def __init__(self, course: Course, assignment: Assignment, *rest: Any, **named: Any) -> None:
        super().__init__(course, assignment, *rest, **named)
        self._class_store = self.store
        self.store = Staging(course.root, assignment.name).store

    def keep(self, file: GradedFile) -> None:
        """Write a Grade to the staging folder."""
        with_retries(lambda: self.store.write(file.grade), self._on_notice)

    def find_finished(self, submission: Submission) -> Grade | None:
        """A Grade of this submission by this course: one made for the class, or staged before."""
        key = (submission.student, submission.sha256, self.course_sha256)
        current = self._class_store.finished(*key)
        is_current = current is not None and current.course_sha256 == self.course_sha256
        return current if is_current else self.store.finished(*key)


def compare(
    course: Course,
    assignment: Assignment,
    options: Options,
    on_progress: Callable[[Progress], None],
    on_refused: Callable[[SubmissionError], None],
    on_notice: Tell,
) -> list[Comparison]:
    """Grade again, into the staging folder, and compare; the class's Grades stay as they are.

    What the staging folder has of the same submissions and course is not graded again, so a run
    that was killed continues.

    Args:
        course: The course.
        assignment: The assignment.
        options: How to grade; `force` grades again what has not changed.
        on_progress: As in `grade`.
        on_refused: As in `grade`.
        on_notice: As in `grade`.

    Returns:
        One comparison per submission, sorted by student.

    Raises:
        AutograderError: As in `grade`.
    """
    files = class_files(course, assignment, options, on_refused)
    delete_partial_files(course.root / "grades")
    renamed = {file.student for file in files if file.renamed}
    grades: dict[str, _Kept] = {}
    session = LocalSession(course, [assignment], unsafe=options.unsafe, workers=options.workers)
    workers = session.workers(on_notice)
    with ThreadPoolExecutor(workers) as pool, ExitStack() as stack:
        stack.enter_context(session)
        grader = StagedGrader(
            course,
            assignment,
            options,
            stack,
            size=len(files),
            on_notice=on_notice,
            session=session,
        )
        graded = graded_files(grader, pool, files, workers)
        for done, file in enumerate(graded, start=1):
            grades[file.grade.student] = _kept(file.grade)
            is_renamed = file.grade.student in renamed
            on_progress(
                Progress(file.grade, file.graded, (), True, is_renamed, done, len(files))  # noqa: FBT003
            )
    store = GradeStore(course.root / "grades" / assignment.name)
    chosen = options.students or store.students()
    for student in sorted(set(chosen) & set(store.students()) - grades.keys()):
        on_notice(f"{student} keeps the Grade: there is no submission to grade again.")
    compared = each_review(course, assignment.name, sorted(grades))
    return [_compared(store.read(student), grades[student], review) for student, review in compared]


_Kept = tuple[Grade, str]
"""A Grade without its evidence, which does not fit into memory for a class, and its digest."""


def _kept(grade: Grade) -> _Kept:
    return without_evidence(grade), grade_digest(grade)


def _compared(old: Grade | None, kept: _Kept, review: Review | None) -> Comparison:
    old_kept, old_digest = (None, "") if old is None else _kept(old)
    return Comparison(old_kept, kept[0], review, old_digest, kept[1])


def moves_text(comparison: Comparison) -> str:
    """Which checks moved, such as "accuracy_passes 3 → 0"."""
    return "; ".join(
        f"{name} {_points(before)} → {_points(after)}" for name, before, after in comparison.moves
    )


def comparisons_as_csv(comparisons: Sequence[Comparison]) -> bytes:
    """One line per student; no mark is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    for row in comparisons:
        manual = "; ".join(f"{n} {format_points(p)}" for n, p in row.manual_marks.items())
        cells = (
            row.student,
            "" if row.before is None else format_points(row.before),
            "" if row.after is None else format_points(row.after),
            "yes" if row.falls else "no",
            moves_text(row),
            manual,
            "another" if row.is_another_submission else "same",
        )
        writer.writerow(map(escape_formula, cells))
    return text.getvalue().encode("utf-8")


def _points(points: float | None) -> str:
    return "-" if points is None else format_points(points)
