"""Late penalties in the gradebook and in reports: right after every change, and as nbgrader's."""

from __future__ import annotations

import csv
import dataclasses
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nbformat
import pytest
from courses import CORPUS, NAME, ROOT
from grades import make_rubric_grade
from nbgrader import api
from nbgrader.apps.exportapp import ExportApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.course import Course, load_course
from autograder.drop_in import MarksAsCsv
from autograder.errors import GradebookError
from autograder.grading import GradeStore, update_late_work, with_new_penalties
from autograder.outputs import GradedFile, Mark, MarkStatus, Recorder
from autograder.results import Outcome
from autograder.submissions import SubmittedFile, read_notebook, read_submission

SECOND = "02-house-prices"
DUE = "2027-02-15T23:59:00+01:00"
LATE = datetime(2027, 2, 17, 10, 0, tzinfo=timezone.utc)
POLICY = "late: {percent_per_day: 10, slack_days: 0}\n"
TEN_PERCENT = 1.8
OURS = 'c.AssignLatePenalties.plugin_class = "autograder.drop_in.LatePolicy"\n'
ZERO = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
OWN = """\
import os
from nbgrader.plugins import BasePlugin
os.environ["LEFT_BEHIND"] = "1"
class HalfAPoint(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score + 1 if student_id == "bob" else 0.5
c.AssignLatePenalties.plugin_class = HalfAPoint
"""


class Class:
    """A course whose Grades are recorded without training.

    Attributes:
        root: The course folder.
        told: What updates told.
    """

    def __init__(self, root: Path) -> None:
        shutil.copy(ROOT / "course.yml", root)
        for name in ("solutions", "assignments"):
            (root / name).symlink_to(ROOT / name)
        self.root = root
        self.told: list[str] = []
        self._original = (root / "course.yml").read_text()
        self.configure(POLICY)
        self.nbgrader("")

    @property
    def course(self) -> Course:
        """The course as its files are now."""
        return load_course(self.root)

    def configure(self, policy: str, replace: Mapping[str, str] | None = None) -> None:
        """Write course.yml with a policy, and with other words replaced."""
        text = self._original.replace("\nassignments:", f"\n{policy}assignments:")
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        (self.root / "course.yml").write_text(text)

    def nbgrader(self, settings: str) -> None:
        """Write nbgrader_config.py."""
        (self.root / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}")

    def extend(self, extensions: str) -> None:
        """Write extensions.yml."""
        (self.root / "extensions.yml").write_text(extensions)

    def record(
        self,
        student: str,
        submitted_at: datetime | None = LATE,
        name: str = NAME,
        failed: str = "",
    ) -> None:
        """Record a Grade as `autograder grade` does."""
        course = self.course
        assignment = course.assignment(name)
        source = read_notebook(course.source_notebook(name))
        release = read_notebook(course.release_notebook(name))
        outcomes = {failed: Outcome.FAILED} if failed else {}
        grade = make_rubric_grade(assignment.checks, outcomes, student=student, assignment=name)
        path = (
            course.source_notebook(name)
            if name != NAME
            else CORPUS / "right/as-in-the-lesson.ipynb"
        )
        submission = read_submission(SubmittedFile(student, path), source, release)
        submission = dataclasses.replace(submission, submitted_at=submitted_at)
        GradeStore(self.root / "grades" / name).write(grade)
        with Recorder(course, assignment, source, release) as recorder:
            recorder.write(GradedFile(grade, submission, graded=True, folder=self.root))

    def update(self, *names: str) -> None:
        """What `autograder grade` does after its submissions, those graded before too."""
        self.told.clear()
        update_late_work(self.course, names or (NAME,), self.told.append)

    def penalty(self, student: str = "ada", name: str = NAME) -> float | None:
        """The penalty as nbgrader has it."""
        with self.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook(name, name, student)
            penalty: float | None = notebook.late_submission_penalty
            return penalty

    def gradebook(self) -> api.Gradebook:
        """The gradebook as nbgrader sees it."""
        return api.Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def report(self, student: str = "ada", name: str = NAME) -> str:
        """A student's report."""
        path = self.root / "feedback" / student / name / f"{name}.html"
        return path.read_text().replace("\N{MINUS SIGN}", "-")

    def by_nbgrader(self, student: str, plugin: str = "autograder.drop_in.LatePolicy") -> None:
        """Let nbgrader's preprocessor set the penalty, as `nbgrader autograde` does."""
        names = {"notebook": NAME, "assignment": NAME, "student": student}
        names["db_url"] = f"sqlite:///{self.root / 'gradebook.db'}"
        config = Config({"AssignLatePenalties": {"plugin_class": plugin}})
        preprocessor = AssignLatePenalties(config=config)
        preprocessor.preprocess(nbformat.v4.new_notebook(), {"nbgrader": names})


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    """A course with the policy, and nobody who handed in."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "none"))
    made = Class(tmp_path)
    monkeypatch.chdir(tmp_path)
    return made


def test_penalty_is_recorded_with_the_grade_and_shown_as_arithmetic(group: Class) -> None:
    """Two days late at 10% of 18 points."""
    group.record("ada")
    assert group.penalty() == 2 * TEN_PERCENT
    report = group.report()
    assert "18 points, 2 days late at 10% of 18 points a day: 18 - 3.6 = 14.4." in report
    assert f"It was due {DUE.replace('T', ' ')} and handed in 2027-02-17 11:00:00+01:00." in report
    assert "<strong>14.4</strong> of 18" in report


def test_submission_on_time_has_no_penalty(group: Class) -> None:
    """As nbgrader has it: nothing, and not 0."""
    group.record("ada", LATE - timedelta(days=2))
    assert group.penalty() is None
    assert "Handed in late" not in group.report()


def test_course_without_a_policy_takes_no_points(group: Class) -> None:
    """The report says that it was late, which costs nothing."""
    group.configure("")
    group.record("ada")
    assert group.penalty() is None
    assert "2 days late: no points off." in group.report()


@pytest.mark.parametrize("how", ["due date", "policy", "extension", "gradebook's extension"])
def test_penalty_that_is_outdated_is_gone_without_grading_again(how: str, group: Class) -> None:
    """After a change of the due date, the policy or an extension; from the report too."""
    group.record("ada")
    if how == "due date":
        group.configure(POLICY, {DUE: "2027-02-20T23:59:00+01:00"})
    elif how == "policy":
        group.configure("late: {percent_per_day: 10, grace_minutes: 1440, slack_days: 2}\n")
    elif how == "extension":
        group.extend(f"- {{student: ada, assignment: {NAME}, days: 2, reason: very ill}}\n")
    else:
        with group.gradebook() as gradebook:
            gradebook.grant_extension(NAME, "ada", days=2)
    group.update()
    assert group.penalty() is None
    assert "3.6" not in group.report()
    assert f"Late penalties that changed: ada {NAME} 3.6, now 0." in group.told
    assert "very ill" not in group.report()
    with group.gradebook() as gradebook:
        due = gradebook.find_assignment(NAME).duedate
        assert due == datetime(2027, 2, 20 if how == "due date" else 15, 22, 59)  # noqa: DTZ001


def test_export_by_nbgrader_has_no_outdated_penalty(group: Class) -> None:
    """After a due date moved, the plugin computes penalties anew before it writes."""
    group.record("ada")
    group.configure(POLICY, {DUE: "2027-02-20T23:59:00+01:00"})
    path = group.root / "grades.csv"
    app = ExportApp(coursedir=CourseDirectory(root=str(group.root)))
    with group.gradebook() as gradebook:
        MarksAsCsv(parent=app, to=str(path)).export(gradebook)
    (row,) = csv.DictReader(path.read_text().splitlines())
    assert (row["late_submission_penalty"], row["score"]) == ("0.0", "18.0")


def test_penalty_that_somebody_else_left_is_gone(group: Class) -> None:
    """The drop-in set all points off once, and no grading took that back."""
    group.record("ada", LATE - timedelta(days=3))
    with group.gradebook() as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 18
        gradebook.db.commit()
    group.record("ada", LATE - timedelta(days=3))
    assert group.penalty() is None


def test_report_of_a_due_date_that_moved_is_new_with_the_same_penalty(group: Class) -> None:
    """The points are the same, and the times are not."""
    group.record("ada")
    group.configure(POLICY, {DUE: "2027-02-15T22:00:00+01:00"})
    group.update()
    assert group.penalty() == 2 * TEN_PERCENT
    assert "It was due 2027-02-15 22:00:00+01:00" in group.report()


def test_nothing_is_written_where_nothing_changed(group: Class) -> None:
    """Neither the report nor the gradebook."""
    group.record("ada")
    paths = [group.root / "gradebook.db", *(group.root / "feedback").rglob("*.html")]
    before = [path.stat().st_mtime_ns for path in paths]
    group.update()
    assert [path.stat().st_mtime_ns for path in paths] == before
    assert group.told == [f"{NAME}: handed in late: ada 18 \N{MINUS SIGN} 3.6 = 14.4."]


def test_dry_run_has_the_new_penalties_and_writes_none(group: Class) -> None:
    """Of marks that are less than the old penalty too."""
    group.record("ada")
    group.record("bob")
    group.configure(POLICY, {DUE: "2027-02-16T23:59:00+01:00"})
    with group.gradebook() as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "bob").late_submission_penalty = 17
        gradebook.db.commit()
    before = (group.root / "gradebook.db").read_bytes()
    marks = {
        NAME: {
            student: Mark(
                student=student,
                assignment=NAME,
                status=MarkStatus.GRADED,
                score=score,
                max_score=18,
                late_penalty=penalty,
            )
            for student, score, penalty in (("ada", 14.4, 3.6), ("bob", 1, 17))
        }
    }
    new = with_new_penalties(group.course, marks)[NAME]
    assert [(mark.score, mark.late_penalty) for mark in new.values()] == [(16.2, 1.8)] * 2
    assert (group.root / "gradebook.db").read_bytes() == before


def test_later_of_two_extensions_counts(group: Class) -> None:
    """The file's and the gradebook's."""
    group.record("ada")
    with group.gradebook() as gradebook:
        gradebook.grant_extension(NAME, "ada", hours=2)
    group.extend(f"- {{student: ada, assignment: {NAME}, days: 1, reason: ill}}\n")
    group.update()
    assert group.penalty() == TEN_PERCENT
    with group.gradebook() as gradebook:
        gradebook.grant_extension(NAME, "ada", days=2)
    group.update()
    assert group.penalty() is None


def test_penalty_follows_a_manual_mark(group: Class) -> None:
    """It is never more than the score that nbgrader shows then."""
    group.configure("late: {percent_per_day: 45}\n")
    group.record("ada")
    assert group.penalty() == 16.2
    with group.gradebook() as gradebook:
        for row in gradebook.find_submission_notebook(NAME, NAME, "ada").grades:
            row.manual_score = 1 if row.name == "loss_goes_down" else 0
        gradebook.db.commit()
    group.update()
    assert group.penalty() == 1
    assert "at most what was earned: 1 - 1 = 0." in group.report()


def test_slack_days_of_an_earlier_assignment_change_a_later_one(group: Class) -> None:
    """Also if only the earlier one is graded again; both reports are right."""
    late_too = datetime(2027, 3, 3, 10, 0, tzinfo=timezone.utc)
    group.configure("late: {percent_per_day: 10, slack_days: 2}\n")
    group.record("ada", late_too, SECOND)
    assert group.penalty(name=SECOND) is None
    assert "2 days late, and 2 slack days used: no points off." in group.report(name=SECOND)
    group.record("ada")
    group.update()
    assert group.penalty() is None
    assert group.penalty(name=SECOND) == 4.4
    assert "22 points, 2 days late at 10% of 22 points a day: 22 - 4.4 = 17.6." in group.report(
        name=SECOND
    )


def test_submission_without_a_time_is_on_time_and_told_once(group: Class) -> None:
    """With what the learning management system says, which has no time either."""
    for student in ("ada", "bob"):
        group.record(student, None)
    folder = group.root / "submitted" / "bob" / NAME
    folder.mkdir(parents=True)
    (folder / ".collected.json").write_text(
        '{"lms": "canvas", "person": "1", "archive": "a.zip", "member": "b", "attempt": 1, '
        '"late": true, "sha256": "0"}'
    )
    group.update()
    assert group.penalty() is None
    (told,) = group.told
    assert "nobody knows when these were handed in, so they count as on time: ada; bob." in told
    assert "The learning management system marks as late: bob." in told


@pytest.mark.parametrize("late", [timedelta(days=n, hours=1) for n in (-3, -2, 0, 2, 6)])
@pytest.mark.parametrize("failed", ["", "loss_goes_down"])
def test_nbgraders_preprocessor_gives_the_same_penalty(
    late: timedelta, failed: str, group: Class
) -> None:
    """With grace, cap, close, slack days and an extension."""
    group.configure(
        "time_zone: Europe/Berlin\n"
        "late: {percent_per_day: 15, most_percent: 50, grace_minutes: 180, close_after_days: 7,"
        " slack_days: 1}\n"
    )
    group.extend(f"- {{student: bob, assignment: {NAME}, days: 1, reason: ill}}\n")
    for student in ("ada", "bob"):
        group.record(student, LATE + late, failed=failed)
        ours = group.penalty(student)
        with group.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook(NAME, NAME, student)
            notebook.late_submission_penalty = 17
            gradebook.db.commit()
        group.by_nbgrader(student)
        assert group.penalty(student) == ours


@pytest.mark.parametrize("settings", [OURS, "", 'c.Exchange.root = "elsewhere"\n'])
def test_course_without_a_plugin_of_its_own_has_our_policy(settings: str, group: Class) -> None:
    """Ours is no other plugin."""
    group.nbgrader(settings)
    group.record("ada")
    assert group.penalty() == 2 * TEN_PERCENT


def test_shipped_configuration_names_our_plugin(group: Class) -> None:
    """So both commands give the same penalty."""
    settings = (ROOT / "nbgrader_config.py").read_text()
    assert OURS in settings
    (group.root / "nbgrader_config.py").write_text(settings)
    group.record("ada")
    assert group.penalty() == 2 * TEN_PERCENT


def test_plugin_of_the_course_is_used_instead(
    group: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As nbgrader uses it, within nbgrader's bounds; and the run says so."""
    monkeypatch.delenv("LEFT_BEHIND", raising=False)
    group.nbgrader(OWN)
    group.record("ada")
    group.record("bob")
    group.record("cyd", LATE - timedelta(days=3))
    assert [group.penalty(student) for student in ("ada", "bob", "cyd")] == [0.5, 18, None]
    group.update()
    assert "Handed in late" in group.report()
    assert "-0.5" in group.report()
    assert len(group.told) == 1
    assert "HalfAPoint" in group.told[0]
    group.configure(POLICY, {DUE: "2027-02-20T23:59:00+01:00"})
    group.update()
    assert [group.penalty(student) for student in ("ada", "bob", "cyd")] == [None, None, None]
    assert "-0.5" not in group.report()


def test_stock_plugin_that_is_configured_is_used_instead(group: Class) -> None:
    """No points for late work, as nbgrader's "zero" has it."""
    group.nbgrader(ZERO)
    group.record("ada")
    assert group.penalty() == 18


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('c.AssignLatePenalties.plugin_class = "no.such.Plugin"\n', "no.such.Plugin"),
        ("c.AssignLatePenalties.plugin_class = \n", "nbgrader_config.py"),
    ],
)
def test_plugin_that_cannot_be_used_is_an_error(settings: str, words: str, group: Class) -> None:
    """Nobody gets a penalty by another policy without a word."""
    group.nbgrader(settings)
    with pytest.raises(GradebookError, match=words) as caught:
        group.record("ada")
    assert caught.value.tip
