"""Read a class for its report, each Grade once; nothing is graded or changed."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timezone

from autograder.course import Assignment, Course, extended_due_dates, load_comments
from autograder.grading.attendance import attendance, without_marks
from autograder.grading.grade_store import GradeStore
from autograder.outputs import (
    GradebookLocation,
    Mark,
    MarkStatus,
    PenaltyUpdate,
    mark_of,
    no_mark,
    update_late_penalties,
)
from autograder.outputs.class_report import AssignmentData, ClassData, Entry, EntryMaker, Source
from autograder.outputs.gradebook import (
    Student,
    find_gradebook,
    read_students,
    reviews,
    roster_of,
)
from autograder.results import Review

_FINGERPRINT = 12
_Reviews = Iterable[tuple[str, Review | None]]
_NO_PENALTIES = PenaltyUpdate({}, {})
OnGrade = Callable[[str, int, int], None]
"""Called with the assignment, and how many of how many Grades were read."""


@dataclasses.dataclass(frozen=True)
class _Gradebook:
    """What the gradebook knows; empty if there is none."""

    students: Mapping[str, Student]
    penalties: PenaltyUpdate
    reviews: Callable[[str, Sequence[str]], AbstractContextManager[_Reviews]]


def read_class(
    course: Course,
    assignments: Sequence[str],
    *,
    names: bool = False,
    now: datetime | None = None,
    on_grade: OnGrade = lambda *_: None,
) -> ClassData:
    """Read everybody's Grades, marks and lateness.

    Args:
        course: The course.
        assignments: Names of assignments.
        names: Whether to read the students' names from the gradebook.
        now: The moment that decides what is due; default: now.
        on_grade: Called for each Grade.

    Raises:
        CourseError: If there is no such assignment.
        GradebookError: If the gradebook cannot be read.
    """
    now = now or datetime.now(timezone.utc)
    gradebook = _read_gradebook(course)
    roster = roster_of(gradebook.students)
    return ClassData(
        title=course.title,
        assignments=tuple(
            _read(course, course.assignment(name), gradebook, roster, now, on_grade)
            for name in assignments
        ),
        made_at=now,
        names={s.id: s.name for s in gradebook.students.values() if s.name} if names else {},
        has_roster=bool(roster),
    )


def _read_gradebook(course: Course) -> _Gradebook:
    location = find_gradebook(course)
    if location.is_missing:
        return _Gradebook({}, _NO_PENALTIES, _without_gradebook)
    database, course_id = location.database, location.course_id
    return _Gradebook(
        read_students(database, course_id),
        update_late_penalties(course, database, course_id, dry_run=True),
        lambda assignment, students: _all_reviews(location, assignment, students),
    )


@contextmanager
def _all_reviews(
    location: GradebookLocation, assignment: str, students: Sequence[str]
) -> Iterator[_Reviews]:
    with reviews(location.database, assignment, location.course_id) as reader:
        yield reader.each(students)


@contextmanager
def _without_gradebook(_: str, students: Sequence[str]) -> Iterator[_Reviews]:
    yield ((student, None) for student in students)


class _Reader:
    """Reads the Grades of one assignment, and what they have in common."""

    def __init__(self, course: Course, assignment: Assignment, gradebook: _Gradebook) -> None:
        self.assignment = assignment
        self.store = GradeStore(course.root / "grades" / assignment.name)
        self._gradebook = gradebook
        self._maker = EntryMaker(load_comments(course))
        self._digest = hashlib.sha256()
        self._courses: set[str] = set()
        self._newest = 0.0
        self._grades = 0
        self._unreadable: list[str] = []

    def entry(self, student: str, review: Review | None) -> Entry:
        """A student's entry; one without a mark if the Grade cannot be read."""
        grade, name = self.store.read(student), self.assignment.name
        if grade is None:
            self._unreadable.append(student)
            return Entry(student, self.no_mark(student, MarkStatus.NOT_GRADED))
        mark, key = mark_of(grade, review), (student, name)
        change = self._gradebook.penalties.changes.get(key)
        if change is not None and mark.score is not None:  # it is not in the gradebook yet
            new = {"score": change.score, "late_penalty": change.after}
            mark = mark.model_copy(update=new)
        self._grades += 1
        self._courses.add(grade.course_sha256)
        self._newest = max(self._newest, self.store.written_at(student))
        told = (student, grade.submission_sha256, grade.course_sha256, mark.text)
        self._digest.update("\0".join(told).encode("utf-8", "replace"))
        return self._maker.entry(grade, mark, self._gradebook.penalties.penalties.get(key))

    def no_mark(self, student: str, status: MarkStatus) -> Mark:
        """That a student has no mark, and why."""
        return no_mark(student, self.assignment.name, self.assignment.max_score, status)

    @property
    def source(self) -> Source:
        """What was read."""
        newest = datetime.fromtimestamp(self._newest, timezone.utc) if self._newest else None
        return Source(
            grades=self._grades,
            fingerprint=self._digest.hexdigest()[:_FINGERPRINT],
            newest=newest,
            courses=len(self._courses),
            unreadable=tuple(self._unreadable),
        )


def _read(
    course: Course,
    assignment: Assignment,
    gradebook: _Gradebook,
    roster: frozenset[str],
    now: datetime,
    on_grade: OnGrade,
) -> AssignmentData:
    name, reader = assignment.name, _Reader(course, assignment, gradebook)
    entries: dict[str, Entry] = {}
    students = reader.store.students()
    with gradebook.reviews(name, students) as read:
        for number, (student, review) in enumerate(read, 1):
            on_grade(name, number, len(students))
            entries[student] = reader.entry(student, review)
    for student, mark in without_marks(course, assignment, roster).items():
        entries[student] = Entry(student, mark, is_due=_is_due(course, assignment, student, now))
    unlisted = attendance(course, name, roster).not_listed
    for student in unlisted:
        waiting = reader.no_mark(student, MarkStatus.NOT_GRADED)
        entries.setdefault(student, Entry(student, waiting))
    ordered = dict(sorted(entries.items()))
    return AssignmentData(assignment, ordered, reader.source, tuple(unlisted))


def _is_due(course: Course, assignment: Assignment, student: str, now: datetime) -> bool:
    """Whether an assignment's due date, with the student's extension, has passed."""
    due = assignment.due
    extended = extended_due_dates(course.extensions, student, assignment.name, due, course.zone)
    dates = [date for date in (due, *extended) if date is not None]
    return not dates or max(dates, key=datetime.timestamp) < now
