"""Let `nbgrader autograde`, and formgrader's button for it, use this grader.

In nbgrader_config.py:

    c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"

nbgrader converts each submission twice: it cleans the notebook, then executes it and reads the
scores from its outputs. With this exporter the first pass grades the submitted file and gives
nbgrader the notebook with the verdicts; the second does what is configured, but executes nothing.
Scores, comments, late penalties and manual entries stay nbgrader's, as usual; due dates are those
of course.yml.
"""

from __future__ import annotations

import atexit
import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from glob import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException

from autograder.course import Assignment, Course, load_course
from autograder.errors import (
    AutograderError,
    CourseError,
    SandboxUnavailableError,
    SubmissionError,
    UnfitMachineError,
)
from autograder.grading.incremental import IncrementalGrader, Options
from autograder.grading.provenance import grading_digest
from autograder.grading.session import select_seeds
from autograder.outputs import notebook_with_verdicts, write_due_dates
from autograder.outputs.gradebook import find_gradebook, remove_scores
from autograder.results import Grade, Outcome, clean_line
from autograder.submissions import SubmittedFile, id_problem, read_submission

_DEFAULT_EXPORTER = "nbconvert.exporters.NotebookExporter"
_Key = tuple[Path, str, str]


class _GraderCache:
    """Keeps the grader running between submissions: formgrader asks for one at a time."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._key: _Key | None = None
        self._grader: IncrementalGrader | None = None

    def grader(self, course: Course, assignment: Assignment, options: Options) -> IncrementalGrader:
        """The grader of an assignment; a new one if anything that decides a mark has changed."""
        seeds = select_seeds(course, assignment, practice_seeds=False)
        key = (course.root, assignment.name, grading_digest(course, assignment, seeds))
        if self._grader is None or self._key != key:
            self.close()
            submitted = options.submitted or course.root / "submitted"
            size = len(list(submitted.glob(f"*/{escape(assignment.name)}")))
            self._grader = IncrementalGrader(
                course,
                assignment,
                options,
                self._stack,
                size=size,
                program="nbgrader autograde",
                served=True,
            )
            self._key = key
        return self._grader

    def close(self) -> None:
        """End the fork server, if there is one."""
        self._grader = None
        self._stack.close()


_cache = _GraderCache()
atexit.register(_cache.close)


class SandboxExporter(NotebookExporter):  # type: ignore[misc] # nbconvert is not typed
    """Converts notebooks for nbgrader's Autograde, which makes one for each run.

    Raises:
        NbGraderException: If the course or the assignment cannot be graded at all.
    """

    _preprocessors: list[Any]  # nbconvert's own

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._coursedir = self.parent.coursedir
        self._unavailable: AutograderError | None = None
        with self._errors_as_nbgrader_logs_them():
            self._course = load_course(Path(self._coursedir.root))
            find_gradebook(self._course, used=self._coursedir.db_url)  # raises on a contradiction
            self._assignment = _assignment(self._course, self._coursedir.assignment_id)
            self._options = Options(self._course.root / self._coursedir.submitted_directory)
            _cache.grader(self._course, self._assignment, self._options)

    def from_filename(
        self, filename: str, resources: Any = None, **settings: Any
    ) -> tuple[str, Any]:
        """Grade a submitted file; let nbgrader read the scores of an autograded one.

        Args:
            filename: A file in `submitted/` in the first pass, in `autograded/` in the second.
            resources: nbgrader's names for it.
            settings: Passed on to nbconvert in the second pass.

        Returns:
            The notebook's text, and the resources.

        Raises:
            NbGraderException: If there is no mark; nbgrader reports this student as failed.
        """
        names = resources["nbgrader"]
        submitted = self._coursedir.format_path(
            self._coursedir.submitted_directory, names["student"], names["assignment"]
        )
        if Path(filename).parent != Path(submitted):
            self._preprocessors = [
                step for step in self._preprocessors if not isinstance(step, ExecutePreprocessor)
            ]
            converted: tuple[str, Any] = super().from_filename(filename, resources, **settings)
            return converted
        with self._errors_as_nbgrader_logs_them():
            text = self._grade(SubmittedFile(names["student"], Path(filename)), names["db_url"])
        self._preprocessors = []
        graded: tuple[str, Any] = self.from_notebook_node(nbformat.reads(text, 4), resources)
        return graded

    def _grade(self, file: SubmittedFile, database: str) -> str:
        """Grade one file; returns its notebook with the verdicts."""
        _write_due_dates(database, self._coursedir.course_id, self._course)
        if self._unavailable is not None:
            self._request_manual_grade(database, file)
            raise self._unavailable
        self._require_valid_names(file)
        grader = _cache.grader(self._course, self._assignment, self._options)
        try:
            graded_file = grader.grade(file)
            if graded_file.graded and graded_file.ended_early:
                grader.require_fit_machine()
                grader.keep(graded_file)
        except (SandboxUnavailableError, UnfitMachineError) as error:
            self._unavailable = error
            self._request_manual_grade(database, file)
            raise
        grade = graded_file.grade
        if grade.outcome is Outcome.GRADER_ERROR:
            _cache.close()  # the next submission gets a new fork server
            self._request_manual_grade(database, file)
            raise _no_mark_error(grade)
        self.log.info(
            "%s: %g/%g, %s%s",
            clean_line(grade.student),
            grade.score,
            grade.max_score,
            grade.outcome.value,
            "" if graded_file.graded else " (graded before)",
        )
        return notebook_with_verdicts(graded_file, grader.release)

    def _request_manual_grade(self, database: str, file: SubmittedFile) -> None:
        """Flag the submission, without the scores of an attempt before."""
        name = self._assignment.name
        notices: tuple[str, ...] = ()
        is_graded = self._is_graded(file)
        with Gradebook(database, self._coursedir.course_id) as gradebook:
            rows = gradebook.find_submission_notebook(name, name, file.student).grades
            if is_graded:
                for row in rows:
                    row.needs_manual_grade = True
            else:
                notices = remove_scores({row.name: row for row in rows})
            gradebook.db.commit()
        for notice in notices:
            self.log.warning("%s: %s", clean_line(file.student), notice)

    def _is_graded(self, file: SubmittedFile) -> bool:
        """Whether the mark in `grades/` is of this very attempt."""
        grader = _cache.grader(self._course, self._assignment, self._options)
        stored = grader.store.read(file.student)
        if stored is None or stored.score is None:
            return False
        try:
            submission = read_submission(file, grader.source, grader.release)
        except SubmissionError:
            return stored.sandbox.tier == "none"
        return submission.sha256 == stored.submission_sha256

    def _require_valid_names(self, file: SubmittedFile) -> None:
        if problem := id_problem(file.student):
            raise SubmissionError(
                f"{file.student!r} was not graded: a student id {problem}.",
                "Rename the student's folder and grade again.",
            )
        if file.path.stem != self._assignment.name:
            raise SubmissionError(
                f"{clean_line(file.path.name)} was not graded: the only notebook of "
                f"{self._assignment.name} that is graded is {self._assignment.name}.ipynb.",
                "Make each notebook an assignment of its own, with the notebook's name.",
            )

    @contextlib.contextmanager
    def _errors_as_nbgrader_logs_them(self) -> Iterator[None]:
        """Log errors that a person can fix, and raise what nbgrader reports as a failure."""
        try:
            yield
        except AutograderError as error:
            for line in (error.message, error.tip):
                if line:
                    self.log.error("%s", line)  # noqa: TRY400 - a message, without a traceback
            raise NbGraderException(f"{error.message} {error.tip}".strip()) from error


def _assignment(course: Course, name: str) -> Assignment:
    try:
        return course.assignment(name)
    except CourseError as error:
        raise CourseError(
            error.message,
            "Add it to course.yml, as docs/adopt.md shows; or execute it without a sandbox: "
            f"nbgrader autograde {name} --Autograde.exporter_class={_DEFAULT_EXPORTER}",
        ) from error


def _no_mark_error(grade: Grade) -> AutograderError:
    reason = next(v for v in grade.checks if v.outcome is Outcome.GRADER_ERROR)
    return AutograderError(
        f"{clean_line(grade.student)}/{grade.assignment} has no mark, through no fault of the "
        f"student's: {reason.message}",
        "Autograde it again.",
    )


def _write_due_dates(database: str, course_id: str, course: Course) -> None:
    """Let nbgrader know the due dates, without which it would find nothing late."""
    with Gradebook(database, course_id) as gradebook:
        write_due_dates(gradebook.db(), course)
        gradebook.db.commit()
