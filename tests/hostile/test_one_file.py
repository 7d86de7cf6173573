"""Whatever one file does to the grader, the class is graded."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import CORPUS, NAME, copy_course

from autograder.grading import Options, grade, incremental
from autograder.results import Outcome
from autograder.submissions import Notebook, Submission, SubmittedFile, read_submission

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def test_defect_that_one_file_triggers_costs_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception of ours about one file is that file's; the others get their marks."""
    course = copy_course(tmp_path)
    works = {"ada": "as-in-the-lesson", "eve": "objects", "zoe": "tensors"}
    for student, work in works.items():
        place = tmp_path / "submitted" / student / NAME
        place.mkdir(parents=True)
        right = (CORPUS / "right" / f"{work}.ipynb").read_bytes()
        (place / f"{NAME}.ipynb").write_bytes(right)

    def read(file: SubmittedFile, source: Notebook, release: Notebook) -> Submission:
        if file.student == "eve":
            raise ZeroDivisionError("a defect of ours")
        return read_submission(file, source, release)

    monkeypatch.setattr(incremental, "read_submission", read)
    ada, eve, zoe = grade(course, NAME, Options(workers=2))
    assert (ada.score, zoe.score) == (18, 18)
    assert (eve.outcome, eve.score) == (Outcome.GRADER_ERROR, None)
    assert "ZeroDivisionError" in eve.checks[0].message
    monkeypatch.undo()
    assert [again.score for again in grade(course, NAME, Options(workers=2))] == [18, 18, 18]
