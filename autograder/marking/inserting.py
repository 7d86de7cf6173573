"""Insert reusable comments into reports, keep the copies up to date, remove them, count them."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from autograder.course import Assignment, Comments, Course, ReusableComment
from autograder.errors import SubmissionError
from autograder.grading import GradeStore, graded_assignments
from autograder.marking.copies import Effect, with_copy, without_copy
from autograder.outputs import History, find_gradebook, reviews
from autograder.outputs.gradebook import change_comments
from autograder.outputs.history import InsertedComment
from autograder.results import Grade, Review

_REMOVAL = "autograder comments remove"
_UPDATE = "autograder feedback, for the new text of"
Change = Callable[[str], tuple[str, Effect]]
"""What makes the new comment of the old, and says what became of the copy."""


@dataclasses.dataclass(frozen=True, order=True)
class Copy:
    """A reusable comment's place in a report.

    Attributes:
        student: The student's id.
        cell: The cell that it stands under.
        key: The comment's key.
    """

    student: str
    cell: str
    key: str


@dataclasses.dataclass(frozen=True)
class Use:
    """How much a comment is used.

    Attributes:
        key: Its key.
        reports: How many reports have it as it was inserted.
        changed: How many have it no longer, because a person changed or removed it.
        by: Who inserted it, sorted.
    """

    key: str
    reports: int
    changed: int
    by: tuple[str, ...]


class CommentEditor:
    """What is done with reusable comments in one assignment.

    Args:
        course: The course.
        assignment: The assignment.
        comments: The course's comments.
    """

    def __init__(self, course: Course, assignment: Assignment, comments: Comments) -> None:
        self._course = course
        self._name = assignment.name
        self._comments = comments
        self._store = GradeStore(course.root / "grades" / assignment.name)
        self._history = History(course.root, assignment.name)
        self._known = {
            Copy(student, cell, key): inserted
            for student, copies in self._history.inserted().items()
            for (key, cell), inserted in copies.items()
        }

    def copies(self, keys: Collection[str] = (), students: Collection[str] = ()) -> list[Copy]:
        """The copies that were inserted and not removed, sorted.

        Args:
            keys: Only these comments; default: all.
            students: Only in their reports; default: everybody's.
        """
        return sorted(
            copy
            for copy in self._known
            if (not keys or copy.key in keys) and (not students or copy.student in students)
        )

    def preview(self, copies: Iterable[Copy]) -> dict[Copy, Effect]:
        """What `insert` would do."""
        location = find_gradebook(self._course)
        effects = {}
        with reviews(location.database, self._name, location.course_id) as review_of:
            for copy in copies:
                review = review_of(copy.student)
                effects[copy] = (
                    Effect.NO_SUBMISSION
                    if review is None
                    else self._inserting(copy)(review.comments.get(copy.cell, ""))[1]
                )
        return effects

    def insert(self, copies: Iterable[Copy], by: str = "") -> dict[Copy, Effect]:
        """Insert comments below what is written there; inserting again changes nothing.

        Args:
            copies: What to insert where; the keys are the course's.
            by: Who does it.

        Returns:
            What became of each.

        Raises:
            GradebookError: If the gradebook cannot be written. Nothing is inserted then.
        """
        changes = {copy: self._inserting(copy) for copy in copies}
        return self._apply(changes, "autograder comments add", by)

    def update(self, students: Collection[str] = ()) -> dict[Copy, Effect]:
        """Let every copy that no person has changed say what `comments.yml` says now.

        Args:
            students: Only in their reports; default: everybody's.

        Returns:
            What became of each copy; nothing for those that say it already.
        """
        copies = [copy for copy in self.copies((), students) if copy.key in self._comments]
        stale = {
            copy: self._inserting(copy)
            for copy in copies
            if self._known[copy].text != self._text(copy.key)
        }
        effects = self._apply(stale, _UPDATE) if stale else {}
        return {copy: e for copy, e in effects.items() if e is not Effect.UNCHANGED}

    def remove(self, copies: Iterable[Copy], by: str = "") -> dict[Copy, Effect]:
        """Remove copies; one that a person has changed stays, and is theirs from then on."""
        changes: dict[Copy, Change] = {copy: self._removing(copy) for copy in copies}
        return self._apply(changes, _REMOVAL, by)

    def states(self, copies: Iterable[Copy]) -> dict[Copy, bool]:
        """Whether each copy still stands in the gradebook as it was inserted."""
        location = find_gradebook(self._course)
        states = {}
        with reviews(location.database, self._name, location.course_id) as review_of:
            for copy in copies:
                review = review_of(copy.student) or Review(score=0, max_score=0)
                _, effect = self._removing(copy)(review.comments.get(copy.cell, ""))
                states[copy] = effect is Effect.REMOVED
        return states

    def inserted_by(self, copy: Copy) -> str:
        """Who inserted a copy; "" if nobody said."""
        return self._known[copy].by

    def _text(self, key: str) -> str:
        return self._comments[key].text.strip()

    def _inserting(self, copy: Copy) -> Change:
        known = self._known[copy].text if copy in self._known else ""
        return lambda comment: with_copy(comment, self._text(copy.key), known)

    def _removing(self, copy: Copy) -> Change:
        return lambda comment: without_copy(comment, self._known[copy].text)

    def _apply(self, changes: Mapping[Copy, Change], what: str, by: str = "") -> dict[Copy, Effect]:
        grades = {copy.student: self._grade(copy.student) for copy in changes}
        self._observe(grades.values())
        effects = self._write(changes)
        location = find_gradebook(self._course)
        with reviews(location.database, self._name, location.course_id) as review_of:
            for copy, effect in effects.items():
                entry = self._entry(copy, effect, by, is_removal=what == _REMOVAL)
                if entry is not None:
                    self._history.record_comment(
                        grades[copy.student],
                        review_of(copy.student),
                        entry,
                        by=f"{what} {copy.key}" + (f", {by}" if by else ""),
                    )
                    self._known[copy] = entry
        self._known = {copy: entry for copy, entry in self._known.items() if entry.text}
        return effects

    def _grade(self, student: str) -> Grade:
        grade = self._store.read(student)
        if grade is None:
            raise SubmissionError(
                f"{student!r} has no Grade for {self._name}.",
                f"Grade first: autograder grade {self._name}.",
            )
        return grade

    def _observe(self, grades: Iterable[Grade]) -> None:
        """Enter into the history what people wrote before, so that it is not taken for ours."""
        location = find_gradebook(self._course)
        with reviews(location.database, self._name, location.course_id) as review_of:
            for grade in grades:
                self._history.observe(grade, review_of(grade.student))

    def _write(self, changes: Mapping[Copy, Change]) -> dict[Copy, Effect]:
        by_place: dict[tuple[str, str], list[Copy]] = defaultdict(list)
        for copy in changes:
            by_place[copy.student, copy.cell].append(copy)
        effects = dict.fromkeys(changes, Effect.NO_SUBMISSION)

        def change_place(copies: Sequence[Copy], comment: str) -> str:
            for copy in copies:
                comment, effects[copy] = changes[copy](comment)
            return comment

        location = find_gradebook(self._course)
        change_comments(
            location.database,
            self._name,
            {place: partial(change_place, copies) for place, copies in by_place.items()},
            location.course_id,
        )
        return effects

    def _entry(
        self, copy: Copy, effect: Effect, by: str, *, is_removal: bool
    ) -> InsertedComment | None:
        """What the history has to know; None if it knows it already."""
        known = self._known.get(copy)
        by = by or ("" if known is None else known.by)
        if effect is Effect.NO_SUBMISSION or (effect is Effect.CHANGED_BY_HAND and not is_removal):
            return None
        text = "" if is_removal else self._text(copy.key)
        if known is not None and known.text == text:
            return None
        return InsertedComment(key=copy.key, cell=copy.cell, text=text, by=by)


def places_for(
    comment: ReusableComment,
    assignment: str,
    grades: Iterable[Grade],
    answers: Mapping[str, str],
) -> list[Copy]:
    """Where a comment fits: for each student the cell of the first verdict that it is for.

    Args:
        comment: The comment.
        assignment: The assignment's name.
        grades: Grades of students.
        answers: For each check, the solution cell that comments about it stand under.
    """
    return [
        Copy(grade.student, cell, comment.key)
        for grade in grades
        if (cell := _cell_for(comment, assignment, grade, answers))
    ]


def _cell_for(
    comment: ReusableComment, assignment: str, grade: Grade, answers: Mapping[str, str]
) -> str:
    cells = set(answers.values())
    for verdict in grade.checks:
        if comment.fits(assignment, verdict):
            options = (verdict.cause, verdict.about, answers.get(verdict.name, ""))
            return next((cell for cell in options if cell in cells), "")
    return ""


def count_uses(course: Course, comments: Comments) -> list[Use]:
    """How much each comment is used, in the order of the file; then those that it lacks."""
    present: dict[str, int] = defaultdict(int)
    changed: dict[str, int] = defaultdict(int)
    people: dict[str, set[str]] = defaultdict(set)
    for name in graded_assignments(course):
        editor = CommentEditor(course, course.assignment(name), comments)
        copies = editor.copies()
        for copy, stands in editor.states(copies).items() if copies else ():
            (present if stands else changed)[copy.key] += 1
            people[copy.key].update(filter(None, [editor.inserted_by(copy)]))
    keys = [*comments, *sorted({*present, *changed}.difference(comments))]
    return [Use(k, present[k], changed[k], tuple(sorted(people[k]))) for k in keys]
