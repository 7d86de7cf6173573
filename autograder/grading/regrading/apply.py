"""Apply Grades that were made again: exactly what was shown, each with its entry in the history."""

from __future__ import annotations

import dataclasses
from functools import partial

from autograder.course import Assignment, Course
from autograder.errors import RegradeError, SubmissionError
from autograder.grading.batch import class_files
from autograder.grading.grade_store import GradeStore, grade_digest
from autograder.grading.history_writer import HistoryWriter
from autograder.grading.in_parallel import MOST_AT_ONCE
from autograder.grading.incremental import Options
from autograder.grading.late_work import update_late_work
from autograder.grading.provenance import grading_digest, grading_parts
from autograder.grading.recording import OutputUpdater
from autograder.grading.regrading.staging import Change, Plan, Staging
from autograder.grading.retries import Tell, with_retries
from autograder.grading.session import select_seeds
from autograder.outputs import GradedFile, Recorder
from autograder.outputs.gradebook import parts
from autograder.outputs.history import FOUND, History
from autograder.submissions import Submission, SubmittedFile, read_notebook, read_submission

PROGRAM = "autograder regrade"
KEPT = "autograder regrade --keep-higher: the mark stays, because it would have fallen"
"""What an entry of the history is by if the higher mark was kept."""


@dataclasses.dataclass(frozen=True)
class Applied:
    """What became of a plan.

    Attributes:
        applied: Students whose Grade was replaced.
        kept: Students who kept the higher mark.
        stale: Students for whom nothing was done, with the reason.
        unrecorded: Students whose notebook, report or gradebook could not be written.
    """

    applied: tuple[str, ...]
    kept: tuple[str, ...]
    stale: dict[str, str]
    unrecorded: tuple[str, ...]


class _Class:
    """The class's files and Grades as they are at this moment."""

    def __init__(self, course: Course, assignment: Assignment, options: Options) -> None:
        self.source = read_notebook(course.source_notebook(assignment.name))
        self.release = read_notebook(course.release_notebook(assignment.name))
        self.store = GradeStore(course.root / "grades" / assignment.name)
        self.staged = Staging(course.root, assignment.name).store
        seeds = select_seeds(course, assignment, practice_seeds=False)
        self.course_sha256 = grading_digest(course, assignment, seeds)
        self.history = History(course.root, assignment.name)
        parts = {self.course_sha256: grading_parts(course, assignment, seeds)}
        self.writer = HistoryWriter(self.store, self.history, PROGRAM, parts)
        try:
            files = class_files(course, assignment, options, lambda _error: None)
        except SubmissionError:
            files = []
        self._files = {file.student: file for file in files}

    def staged_file(self, change: Change) -> GradedFile:
        """The staged Grade with its submission.

        Raises:
            RegradeError: If one of them is not as it was shown.
        """
        grade, file = self.staged.read(change.student), self._files.get(change.student)
        if grade is not None and file is not None and grade_digest(grade) == change.new_digest:
            submission = self._submission(file)
            if (submission.sha256 if submission else "") == grade.submission_sha256:
                return GradedFile(grade, submission, graded=True, folder=file.path.parent)
        raise RegradeError(f"{change.student}'s submission has changed since.")

    def problem(self, plan: Plan, change: Change) -> str:
        """Why a change is not what was shown any more, or ""."""
        if plan.course_sha256 != self.course_sha256:
            return "the course has changed since"
        grade = self.store.read(change.student)
        digest = "" if grade is None else grade_digest(grade)
        if digest not in (change.old_digest, change.new_digest):
            return "the class's Grade has changed since"
        try:
            self.staged_file(change)
        except RegradeError:
            return "the submission has changed since"
        return ""

    def _submission(self, file: SubmittedFile) -> Submission | None:
        try:
            return read_submission(file, self.source, self.release)
        except SubmissionError:
            return None


def stale_students(
    course: Course, assignment: Assignment, options: Options, plan: Plan
) -> dict[str, str]:
    """Students for whom something has changed since the plan was shown, with the reason."""
    now = _Class(course, assignment, options)
    problems = {change.student: now.problem(plan, change) for change in plan.changes}
    return {student: problem for student, problem in problems.items() if problem}


def apply_plan(
    course: Course, assignment: Assignment, options: Options, plan: Plan, on_notice: Tell
) -> Applied:
    """Replace the class's Grades by the staged ones, and write everything that is made from them.

    It can be called again after it was killed, and then does what is left.

    Args:
        course: The course.
        assignment: The assignment.
        options: Where the submissions are.
        plan: What a person confirmed.
        on_notice: Called with what happens, as sentences, such as manual marks that stay.

    Returns:
        What became of it.

    Raises:
        AutograderError: If a Grade, the history or the gradebook cannot be written.
    """
    now = _Class(course, assignment, options)
    stale: dict[str, str] = {}
    with Recorder(course, assignment, now.source, now.release) as recorder:
        outputs = OutputUpdater(recorder, now.store, now.history, on_notice)
        for some in parts(plan.changes, MOST_AT_ONCE):
            replaced = []
            for change in some:
                if problem := now.problem(plan, change):
                    stale[change.student] = problem
                elif change.keep_old:
                    with_retries(partial(_keep, now, change, plan), on_notice)
                else:
                    replaced.append(with_retries(partial(_replace, now, change, plan), on_notice))
            for file, notices in zip(replaced, outputs.update(replaced), strict=True):
                for notice in notices:
                    on_notice(f"{file.grade.student}: {notice}")
    with_retries(
        lambda: update_late_work(course, [assignment.name], on_notice, options.submitted), on_notice
    )
    Staging(course.root, assignment.name).clear()
    done = [change for change in plan.changes if change.student not in stale]
    return Applied(
        applied=tuple(change.student for change in done if not change.keep_old),
        kept=tuple(change.student for change in done if change.keep_old),
        stale=stale,
        unrecorded=tuple(outputs.missing),
    )


def _replace(now: _Class, change: Change, plan: Plan) -> GradedFile:
    file = now.staged_file(change)
    now.writer.write(file.grade, plan.reason)
    return file


def _keep(now: _Class, change: Change, plan: Plan) -> None:
    old = now.store.read(change.student)
    if old is not None:
        now.store.mark_kept(old, plan.course_sha256)
        now.history.record_grade(old, by=FOUND)
        now.history.record_decision(old, by=KEPT, reason=plan.reason)
