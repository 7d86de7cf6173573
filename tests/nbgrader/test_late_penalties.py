"""Late penalties by `autograder grade` and by `nbgrader autograde` are the same, and never old."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import CORPUS, NAME, copy_course
from nbgrader.api import Gradebook
from nbgrader_course import RIGHT, hand_in, run, tell_nbgrader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    # nbgrader's add_submission queries before it adds the submission that it has just linked.
    pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session"),
]

EXPORTER = 'c.Autograde.exporter_class = "autograder.drop_in.GradeInSandbox"\n'
POLICY = (
    "time_zone: Europe/Berlin\n"
    "late: {percent_per_day: 10, grace_minutes: 15, slack_days: 1}\n"
    "assignments:\n"
)
TIMES = {
    "ada": "2027-02-17 10:00:00 UTC",
    "bob": "2027-02-15 23:10:00 UTC",
    "cyd": "2027-02-19 10:00:00 UTC",
    "dan": "",
    "emmy": "2027-02-15 10:00:00 UTC",
}
EXTENSION = f"- {{student: cyd, assignment: {NAME}, days: 2, reason: ill}}\n"


def make_class(folder: Path) -> Path:
    """A course with a policy, and a class of which some are late."""
    folder.mkdir()
    copy_course(folder)
    settings = folder / "course.yml"
    settings.write_text(settings.read_text().replace("assignments:\n", POLICY, 1))
    (folder / "extensions.yml").write_text(EXTENSION)
    tell_nbgrader(folder, settings=EXPORTER)
    for student, time in TIMES.items():
        wrong = CORPUS / "wrong/from-logits.ipynb"
        hand_in(folder, student, (wrong if student == "cyd" else RIGHT).read_bytes())
        if time:
            (folder / "submitted" / student / NAME / "timestamp.txt").write_text(time)
    return folder


def penalties(folder: Path) -> dict[str, float | None]:
    """Each student's penalty in the gradebook."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            submission.student_id: submission.notebooks[0].late_submission_penalty
            for submission in gradebook.assignment_submissions(NAME)
        }


def test_both_commands_give_the_same_penalties_also_after_the_due_date_moved(
    tmp_path: Path,
) -> None:
    """And neither trains anything for it."""
    ours, theirs = make_class(tmp_path / "ours"), make_class(tmp_path / "theirs")
    run(ours, "autograder", "grade", NAME)
    run(theirs, "nbgrader", "autograde", NAME)
    expected = {"ada": 1.8, "bob": None, "cyd": 1.8, "dan": None, "emmy": None}
    assert penalties(ours) == penalties(theirs) == expected
    for folder in (ours, theirs):
        settings = folder / "course.yml"
        settings.write_text(settings.read_text().replace("2027-02-15T", "2027-02-17T", 1))
    printed = run(ours, "autograder", "grade", NAME)
    run(theirs, "nbgrader", "autograde", NAME, "--force")
    assert penalties(ours) == penalties(theirs) == dict.fromkeys(TIMES)
    assert printed.count("(graded before)") == len(TIMES)
    assert f"ada {NAME} 1.8, now 0" in printed
