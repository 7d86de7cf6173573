"""Keep late penalties and the reports that show them up to date; this trains nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.collecting import is_marked_late
from autograder.course import Course
from autograder.feedback import late_arithmetic, late_sentences
from autograder.grading.grade_store import GradeStore
from autograder.grading.retries import Tell
from autograder.lateness import LatePenalty
from autograder.outputs import (
    GradebookLocation,
    History,
    Mark,
    PenaltyUpdate,
    find_gradebook,
    reviews,
    update_late_penalties,
    write_report,
)
from autograder.results import clean_line

_MOST_NAMES = 20
Key = tuple[str, str]


def update_late_work(
    course: Course,
    assignments: Collection[str],
    tell: Tell = lambda _: None,
    submitted: Path | None = None,
) -> Mapping[Key, LatePenalty]:
    """Bring late penalties in the gradebook up to date, and reports with them.

    A penalty may change without a new Grade: with a due date, an extension, the policy, a manual
    mark; and through slack days, with another assignment.

    Args:
        course: The course.
        assignments: Those whose reports are looked at; of others, those whose penalty changes.
        tell: Called with what is worth knowing, as sentences.
        submitted: The folder of submissions; default: `submitted/` in the course folder.

    Returns:
        The penalties by student and assignment; empty if a plugin of nbgrader's sets them.

    Raises:
        GradebookError: If the gradebook cannot be read or written.
    """
    gradebook = find_gradebook(course)
    if gradebook.is_missing:
        return {}
    update = update_late_penalties(course, gradebook.database, gradebook.course_id)
    for name in course.assignments:
        changed = {student for student, changed in update.changes if changed == name}
        seen = changed | (set(_students(course, name)) if name in assignments else set())
        _rewrite_reports(course, gradebook, name, update, seen)
    for sentence in _notices(update, assignments, submitted or course.root / "submitted"):
        tell(sentence)
    return update.penalties


def with_new_penalties(
    course: Course, marks: Mapping[str, Mapping[str, Mark]]
) -> dict[str, dict[str, Mark]]:
    """Marks as `update_late_work` would make them; nothing is written.

    Args:
        course: The course.
        marks: By assignment and student, as the gradebook has them.

    Raises:
        GradebookError: If the gradebook cannot be read.
    """
    made = {name: dict(by_student) for name, by_student in marks.items()}
    gradebook = find_gradebook(course)
    if gradebook.is_missing:
        return made
    update = update_late_penalties(course, gradebook.database, gradebook.course_id, dry_run=True)
    for (student, name), change in update.changes.items():
        mark = made.get(name, {}).get(student)
        if mark is not None and mark.score is not None:
            new = {"score": change.score, "late_penalty": change.after}
            made[name][student] = mark.model_copy(update=new)
    return made


def _students(course: Course, name: str) -> list[str]:
    return GradeStore(course.root / "grades" / name).students()


def _rewrite_reports(
    course: Course,
    gradebook: GradebookLocation,
    name: str,
    update: PenaltyUpdate,
    students: Collection[str],
) -> None:
    """Write the reports of those students whose penalty, or its reason, has changed."""
    outdated = [
        student
        for student in sorted(students)
        if (student, name) in update.changes
        or not _shows(_report(course, student, name), update.penalties.get((student, name)))
    ]
    if not outdated:
        return
    store, history = GradeStore(course.root / "grades" / name), History(course.root, name)
    with reviews(gradebook.database, name, gradebook.course_id) as reader:
        for student, review in reader.each(outdated):
            grade = store.read(student)
            # A report that was never written is written when its Grade is recorded.
            if grade is None or grade.score is None or not _report(course, student, name).exists():
                continue
            late = update.penalties.get((grade.student, name))
            history.observe(grade, review)
            write_report(course, course.assignment(name), grade, review, late=late)


def _report(course: Course, student: str, assignment: str) -> Path:
    return course.root / "feedback" / student / assignment / f"{assignment}.html"


def _shows(report: Path, penalty: LatePenalty | None) -> bool:
    """Whether a report shows a penalty as it is now; a report without a mark need not."""
    try:
        text = report.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return True
    if penalty is None:
        return "<h2>Handed in late</h2>" not in text
    return all(sentence in text for sentence in late_sentences(penalty))


def _notices(update: PenaltyUpdate, assignments: Collection[str], submitted: Path) -> Iterator[str]:
    if update.plugin:
        yield (
            f"Late penalties are those of nbgrader's plugin {update.plugin}, which "
            "nbgrader_config.py names; `late` in course.yml is not used."
        )
    for name in assignments:
        late = {s: p for (s, a), p in update.penalties.items() if a == name and p.points}
        if late:
            costs = [f"{clean_line(s, 80)} {late_arithmetic(p)}" for s, p in late.items()]
            yield f"{name}: handed in late: {_listed(costs)}."
        without_time = [student for student, other in update.without_time if other == name]
        if without_time:
            yield _no_time(name, without_time, submitted)
    others = [
        f"{clean_line(student, 80)} {name} {change.before:g}, now {change.after:g}"
        for (student, name), change in update.changes.items()
    ]
    if others:
        yield f"Late penalties that changed: {_listed(others)}."


def _no_time(name: str, students: Sequence[str], submitted: Path) -> str:
    shown = [clean_line(student, 80) for student in students]
    marked = [
        clean_line(student, 80)
        for student in students
        if is_marked_late(submitted / student / name)
    ]
    notice = (
        f"{name}: nobody knows when these were handed in, so they count as on time: "
        f"{_listed(shown)}."
    )
    if marked:
        notice += (
            f" The learning management system marks as late: {_listed(marked)}. Write the time to "
            f"submitted/STUDENT/{name}/timestamp.txt, such as 2027-02-16 10:30:00 UTC, and grade "
            "again."
        )
    return notice


def _listed(items: Sequence[str]) -> str:
    more = len(items) - _MOST_NAMES
    return "; ".join(items[:_MOST_NAMES]) + (f"; and {more} more" if more > 0 else "")
