"""The drop-in switch: nbgrader's own autograding, formgrader's button included, by this grader.

In nbgrader_config.py:

    c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"

nbgrader converts each submission twice: it cleans the notebook, then executes it and reads scores
off its outputs. Here the first pass grades the file that was handed in, and gives nbgrader the
notebook with the verdicts; the second does what is configured, but executes nothing. Scores,
comments, late penalties and what a person entered are nbgrader's to keep, as ever.
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

from autograder.class_grader import ClassGrader, Options
from autograder.course import Assignment, Course, load_course
from autograder.errors import AutograderError, CourseError, SandboxUnavailableError, SubmissionError
from autograder.grading.grade import course_digest
from autograder.plain_text import clean_line
from autograder.recording import Result, notebook_with_verdicts
from autograder.results import Outcome
from autograder.seeds import course_key
from autograder.submissions import SubmittedFile
from autograder.submissions.files import why_no_id

_STOCK = "nbconvert.exporters.NotebookExporter"
_Key = tuple[Path, str, str, bytes]


class _Kept:
    """The grader that outlives a click: formgrader asks for one submission at a time."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._key: _Key | None = None
        self._grader: ClassGrader | None = None

    def grader(self, course: Course, assignment: Assignment, options: Options) -> ClassGrader:
        """The grader of an assignment; made anew if anything that decides a mark has changed."""
        digest, secret = course_digest(course, assignment), course_key(course.key_file)
        key = (course.root, assignment.name, digest, secret)
        if self._grader is None or self._key != key:
            self.close()
            size = len(list(options.submitted.glob(f"*/{escape(assignment.name)}")))
            self._grader = ClassGrader(course, assignment, options, self._stack, size=size)
            self._key = key
        return self._grader

    def close(self) -> None:
        """End the warm process, if there is one."""
        self._grader = None
        self._stack.close()


_kept = _Kept()
atexit.register(_kept.close)


class GradeInSandbox(NotebookExporter):  # type: ignore[misc] # nbconvert is not typed
    """What nbgrader's Autograde converts notebooks with, one object for each run of it.

    Raises:
        NbGraderException: If the course or the assignment cannot be graded at all.
    """

    _preprocessors: list[Any]  # nbconvert's own

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._coursedir = self.parent.coursedir
        self._unavailable: AutograderError | None = None
        with self._told_as_nbgrader_does():
            self._course = load_course(Path(self._coursedir.root))
            self._assignment = _assignment(self._course, self._coursedir.assignment_id)
            self._options = Options(self._course.root / self._coursedir.submitted_directory)
            _kept.grader(self._course, self._assignment, self._options)

    def from_filename(
        self, filename: str, resources: Any = None, **settings: Any
    ) -> tuple[str, Any]:
        """Grade what was handed in; of a notebook with verdicts, let nbgrader read the scores.

        Args:
            filename: A file in `submitted/` first, what came of it in `autograded/` then.
            resources: nbgrader's names for it.
            settings: Unused.

        Returns:
            The notebook's text, and the resources.

        Raises:
            NbGraderException: If there is no mark, which nbgrader counts as this student's failure.
        """
        names = resources["nbgrader"]
        submitted = self._coursedir.format_path(
            self._coursedir.submitted_directory, names["student"], names["assignment"]
        )
        if Path(filename).parent != Path(submitted):
            self._preprocessors = [
                step for step in self._preprocessors if not isinstance(step, ExecutePreprocessor)
            ]
            read: tuple[str, Any] = super().from_filename(filename, resources, **settings)
            return read
        with self._told_as_nbgrader_does():
            text = self._graded(SubmittedFile(names["student"], Path(filename)), names["db_url"])
        self._preprocessors = []
        made: tuple[str, Any] = self.from_notebook_node(nbformat.reads(text, 4), resources)
        return made

    def _graded(self, file: SubmittedFile, database: str) -> str:
        """Grade one file, and put the verdicts into its notebook."""
        if self._unavailable is not None:
            raise self._unavailable
        self._refuse_misnamed(file)
        grader = _kept.grader(self._course, self._assignment, self._options)
        try:
            result = grader.grade(file)
        except SandboxUnavailableError as error:
            self._unavailable = error
            raise
        if result.grade.outcome is Outcome.GRADER_ERROR:
            _kept.close()  # whatever broke, the next submission gets a fresh warm process
            _ask_for_a_mark(database, file, self._assignment.name)
            raise _no_mark(result)
        grade = result.grade
        self.log.info(
            "%s: %g/%g, %s%s",
            clean_line(grade.student),
            grade.score,
            grade.max_score,
            grade.outcome.value,
            "" if result.graded else " (graded before)",
        )
        return notebook_with_verdicts(result, grader.release)

    def _refuse_misnamed(self, file: SubmittedFile) -> None:
        if why := why_no_id(file.student):
            raise SubmissionError(
                f"{file.student!r} was not graded: a student's id {why}.",
                "Rename the student's folder, and grade again.",
            )
        if file.path.stem != self._assignment.name:
            raise SubmissionError(
                f"{clean_line(file.path.name)} was not graded: the one notebook of "
                f"{self._assignment.name} that is graded is {self._assignment.name}.ipynb.",
                "Make an assignment of each notebook, with the notebook's name.",
            )

    @contextlib.contextmanager
    def _told_as_nbgrader_does(self) -> Iterator[None]:
        """Log what a person can mend, and raise what nbgrader turns into a failure."""
        try:
            yield
        except AutograderError as error:
            for line in (error.message, error.tip):
                if line:
                    self.log.error("%s", line)  # noqa: TRY400 - written for who reads it, no trace
            raise NbGraderException(f"{error.message} {error.tip}".strip()) from error


def _assignment(course: Course, name: str) -> Assignment:
    try:
        return course.assignment(name)
    except CourseError as error:
        raise CourseError(
            error.message,
            "Add it to course.yml, as docs/adopt.md shows; or have it executed without walls: "
            f"nbgrader autograde {name} --Autograde.exporter_class={_STOCK}",
        ) from error


def _no_mark(result: Result) -> AutograderError:
    grade = result.grade
    reason = next(v for v in grade.checks if v.outcome is Outcome.GRADER_ERROR)
    return AutograderError(
        f"{clean_line(grade.student)}/{grade.assignment} has no mark, through no fault of the "
        f"student's: {reason.message}",
        "Autograde it again.",
    )


def _ask_for_a_mark(database: str, file: SubmittedFile, assignment: str) -> None:
    """Flag the submission, which nbgrader would otherwise show with a score of 0."""
    with Gradebook(database) as gradebook:
        notebook = gradebook.find_submission_notebook(assignment, assignment, file.student)
        for row in notebook.grades:
            row.needs_manual_grade = True
        gradebook.db.commit()
