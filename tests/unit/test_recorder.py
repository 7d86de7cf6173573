"""Outputs of a Grade that were deleted, or are another Grade's, are noticed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import CORPUS, NAME
from gradebooks import GradebookFolder, graded, make_assignment
from grades import make_rubric_grade

from autograder.course import Course
from autograder.outputs import GradedFile, Recorder
from autograder.outputs.gradebook import GradebookWriter
from autograder.results import Grade, Outcome
from autograder.submissions import SubmittedFile, read_notebook, read_submission


class Recording:
    """A course folder in which one Grade is recorded.

    Attributes:
        root: The folder.
        recorder: What recorded it.
        grade: The Grade.
    """

    def __init__(self, root: Path, course: Course) -> None:
        self.root = root
        source = read_notebook(course.source_notebook(NAME))
        release = read_notebook(course.release_notebook(NAME))
        assignment = course.assignment(NAME)
        here = course.model_copy(update={"root": root})
        self.recorder = Recorder(here, assignment, source, release)
        self.grade = make_rubric_grade(assignment.checks)
        path = CORPUS / "right" / "as-in-the-lesson.ipynb"
        submission = read_submission(SubmittedFile("ada", path), source, release)
        self.file = GradedFile(self.grade, submission, graded=True, folder=root)


@pytest.fixture
def recording(tmp_path: Path, course: Course) -> Iterator[Recording]:
    """One Grade, with everything that is made from it."""
    made = Recording(tmp_path, course)
    with made.recorder as recorder:
        assert not recorder.complete([made.grade])
        recorder.write(made.file)
        yield made


def test_recorded_grade_is_complete(recording: Recording) -> None:
    """Notebook, report and marks are there."""
    assert recording.recorder.complete([recording.grade])


@pytest.mark.parametrize("folder", ["autograded", "feedback"])
def test_folder_that_was_deleted_is_noticed(folder: str, recording: Recording) -> None:
    """And it is written again."""
    shutil.rmtree(recording.root / folder)
    assert not recording.recorder.complete([recording.grade])
    recording.recorder.write(recording.file)
    assert recording.recorder.complete([recording.grade])


@pytest.mark.parametrize("file", ["autograded/ada/{0}/{0}.ipynb", "feedback/ada/{0}/{0}.html"])
def test_file_that_is_empty_is_noticed(file: str, recording: Recording) -> None:
    """A machine that lost its power may leave one."""
    (recording.root / file.format(NAME)).write_bytes(b"")
    assert not recording.recorder.complete([recording.grade])


def test_outputs_of_another_grade_are_noticed(recording: Recording) -> None:
    """The gradebook has other marks than this Grade."""
    other = recording.grade.model_copy(
        update={
            "checks": tuple(
                v.model_copy(update={"points": 0.0, "outcome": Outcome.FAILED})
                for v in recording.grade.checks
            )
        }
    )
    assert not recording.recorder.complete([other])
    stranger = recording.grade.model_copy(update={"student": "bob"})
    assert not recording.recorder.complete([stranger])


def holds(folder: GradebookFolder, grade: Grade) -> bool:
    """Whether a gradebook has a Grade's marks."""
    with GradebookWriter(folder.database, make_assignment(), ()) as writer:
        return writer.holds(grade)


def test_gradebook_holds_what_was_recorded(course_folder: GradebookFolder) -> None:
    """Each mark counts."""
    grade = graded(loss_goes_down=Outcome.FAILED)
    assert not holds(course_folder, grade)
    course_folder.record(grade)
    assert holds(course_folder, grade)
    assert not holds(course_folder, graded())
    assert not holds(course_folder, graded("bob"))


def test_gradebook_that_was_deleted_holds_nothing(course_folder: GradebookFolder) -> None:
    """A new one is empty."""
    course_folder.record(graded())
    course_folder.database.unlink()
    assert not holds(course_folder, graded())


def test_manual_scores_do_not_hide_the_automatic_ones(course_folder: GradebookFolder) -> None:
    """A person's mark stands beside ours, which is still there."""
    course_folder.record(graded())
    course_folder.mark("loss_goes_down", 1)
    assert holds(course_folder, graded())


def test_grade_without_a_mark_needs_no_row(course_folder: GradebookFolder) -> None:
    """Where the grader failed there is no mark that could be missing, and an old one is wrong."""
    failed = graded(compiles=Outcome.GRADER_ERROR)
    assert holds(course_folder, failed)
    course_folder.record(graded())
    assert not holds(course_folder, failed)
