"""A gradebook on PostgreSQL: nbgrader reads it while we write, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from courses import NAME, copy_course
from gradebooks import (
    CHECKS,
    SUBMITTED,
    GradebookFolder,
    graded,
    make_assignment,
    record_class,
    source_notebook,
)
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from nbgrader_course import RIGHT, hand_in, run
from postgres import PostgresServer
from sqlalchemy import event

from autograder.errors import GradebookError
from autograder.grading.retries import with_retries
from autograder.outputs.gradebook import (
    GradebookWriter,
    change_comments,
    copy_gradebook,
    count_rows,
    delete_student,
    enter_marks,
)
from autograder.results import Outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session"),
]

COURSE_ID = "training-101"
STUDENTS = tuple(f"student-{number:02}" for number in range(12))


@pytest.fixture
def folder(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> GradebookFolder:
    """A course folder whose gradebook is an empty database of a server."""
    # nbgrader runs the program alembic to create its tables.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    return GradebookFolder(tmp_path, postgres.create_database(), COURSE_ID)


def submit(folder: GradebookFolder, student: str, name: str = NAME) -> None:
    """Put a submission where formgrader looks for it."""
    for step in ("submitted", "autograded"):
        place = folder.root / step / student / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_text("{}")
        (place / "timestamp.txt").write_text("2027-02-15 22:58:30 UTC")


def test_recorded_grades_show_in_formgrader(folder: GradebookFolder) -> None:
    """What formgrader's pages ask for has the scores, and the course is nbgrader's."""
    folder.record(
        graded("ada"),
        graded("bob", loss_goes_down=Outcome.FAILED),
        submitted_at=SUBMITTED,
        release=source_notebook(),
    )
    (folder.root / "solutions" / NAME).mkdir(parents=True)
    for student in ("ada", "bob", "eve"):
        submit(folder, student)
    formgrader = NbGraderAPI(coursedir=folder.directory)
    submissions = {row["student"]: row for row in formgrader.get_submissions(NAME)}
    assert {name: row["score"] for name, row in submissions.items()} == {
        "ada": 6.5,
        "bob": 3.5,
        "eve": 0,
    }
    assert [row["autograded"] for row in submissions.values()] == [True, True, False]
    assert formgrader.get_notebooks(NAME)[0]["average_score"] == 5
    notebooks = {row["student"]: row for row in formgrader.get_notebook_submissions(NAME, NAME)}
    assert notebooks["bob"]["failed_tests"]
    students = {row["id"]: row["score"] for row in formgrader.get_students()}
    assert students == {"ada": 6.5, "bob": 3.5, "eve": 0}
    assert formgrader.get_student_submissions("ada")[0]["score"] == 6.5
    with folder.nbgrader() as gradebook:
        assert gradebook.find_assignment(NAME).course_id == COURSE_ID


def test_nbgrader_generates_and_we_record(folder: GradebookFolder) -> None:
    """A database that nbgrader made is used as it is, and nbgrader can generate again."""
    with folder.nbgrader():
        pass
    release = folder.generate_assignment(source_notebook())
    folder.record(graded(), release=release)
    folder.generate_assignment(source_notebook())
    assert folder.auto_scores() == {name: (points, False) for name, points in CHECKS.items()}


def test_manual_grade_is_kept(folder: GradebookFolder) -> None:
    """A score and a comment that a person entered in formgrader stay, and are read back."""
    folder.record(graded(loss_goes_down=Outcome.FAILED))
    folder.mark("loss_goes_down", 2)
    folder.write_comment("train", "Well done.")
    notices = folder.record(graded(loss_goes_down=Outcome.FAILED))
    assert notices == ("kept the manual score 2 for loss_goes_down",)
    with folder.writer() as writer:
        review = writer.reviews(["ada"])["ada"]
    assert review is not None
    assert (review.score, review.marks) == (5.5, {"loss_goes_down": (2, 3)})
    assert review.comments == {"train": "Well done."}


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_graders_that_begin_at_once_lose_nothing(folder: GradebookFolder, kind: str) -> None:
    """Two graders of different assignments create an empty database: every mark is there."""
    names = [NAME, "02-second"]
    work = [(folder.url, name, STUDENTS) for name in names]
    if kind == "processes":
        context = multiprocessing.get_context("spawn")
        processes = [context.Process(target=record_class, args=arguments) for arguments in work]
        for process in processes:
            process.start()
        for process in processes:
            process.join(120)
        assert [process.exitcode for process in processes] == [0, 0]
    else:
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(record_class, *arguments) for arguments in work]:
                future.result(120)
    with folder.nbgrader() as gradebook:
        for name in names:
            scores = {row.student_id: row.score for row in gradebook.assignment_submissions(name)}
            assert scores == dict.fromkeys(STUDENTS, 6.5)


def test_two_graders_with_formgrader_open_lose_nothing(folder: GradebookFolder) -> None:
    """Meanwhile formgrader lists the submissions and a person marks: all of it is there."""
    folder.record(*map(graded, STUDENTS))
    names = [NAME, "02-second"]
    for student in STUDENTS:
        submit(folder, student)
    formgrader = NbGraderAPI(coursedir=folder.directory)
    with folder.nbgrader(), ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(record_class, folder.url, name, STUDENTS) for name in names]
        for student in STUDENTS[:4]:
            folder.mark("compiles", 0.5, student)
            assert len(formgrader.get_submissions(NAME)) == len(STUDENTS)
        for future in futures:
            future.result(120)
    with folder.nbgrader() as gradebook:
        first, second = (
            {row.student_id: row.score for row in gradebook.assignment_submissions(name)}
            for name in names
        )
    assert first == dict.fromkeys(STUDENTS, 6.5) | dict.fromkeys(STUDENTS[:4], 6)
    assert second == dict.fromkeys(STUDENTS, 6.5)


def test_student_whom_nbgrader_adds_meanwhile_is_no_error(folder: GradebookFolder) -> None:
    """Where nbgrader was first with a row, a new transaction takes it as it is."""
    folder.create()
    with folder.writer() as writer:
        added: list[str] = []

        def add(*_arguments: object) -> None:
            if not added:
                added.append("ada")
                with folder.nbgrader() as gradebook:
                    gradebook.add_student("ada", first_name="Ada")

        event.listen(writer._gradebook.db, "before_flush", add)
        writer.record(graded())
    with folder.nbgrader() as gradebook:
        assert gradebook.find_student("ada").first_name == "Ada"
    assert len(folder.auto_scores()) == 3


def test_person_who_marks_while_a_grade_is_recorded_keeps_the_mark(
    folder: GradebookFolder,
) -> None:
    """The row is locked meanwhile, so the manual score is written after the automatic one."""
    folder.record(graded(loss_goes_down=Outcome.FAILED))
    with folder.writer() as writer, ThreadPoolExecutor(1) as pool:
        marks: list[Future[None]] = []

        def mark(*_arguments: object) -> None:
            if not marks:
                marks.append(pool.submit(folder.mark, "loss_goes_down", 2))

        event.listen(writer._gradebook.db, "before_commit", mark)
        writer.record(graded())
        marks[0].result(60)
    with folder.nbgrader() as gradebook:
        row = gradebook.find_grade("loss_goes_down", NAME, NAME, "ada")
        assert (row.auto_score, row.manual_score) == (3, 2)


def test_restart_of_the_server_is_waited_for(
    folder: GradebookFolder, postgres: PostgresServer
) -> None:
    """A server that is away gets a message with the command; the same writer goes on afterwards."""
    told: list[str] = []
    with folder.writer() as writer:
        writer.record(graded("ada"))
        postgres.stop()
        with pytest.raises(GradebookError) as first:
            writer.record(graded("bob"))
        assert first.value.passes

        def restart(_seconds: float) -> None:
            if len(told) == 2:
                postgres.start()

        with_retries(lambda: writer.record(graded("bob")), told.append, restart)
    assert len(told) == 2
    assert "cannot be reached" in told[-1]
    with folder.nbgrader() as gradebook:
        assert {student.id for student in gradebook.students} == {"ada", "bob"}


def test_row_that_another_program_holds_is_reported_as_locked(
    folder: GradebookFolder, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that somebody left open does not stop the batch for ever."""
    monkeypatch.setattr("autograder.outputs.gradebook.database._LOCK_TIMEOUT", "100ms")
    folder.record(graded())
    database = folder.url.rpartition("/")[2]
    with psycopg.connect(postgres.dsn(database)) as other, folder.writer() as writer:
        other.execute("SELECT id FROM grade FOR UPDATE")
        with pytest.raises(GradebookError, match="is locked by another program") as error:
            writer.record(graded())
        assert error.value.passes
        other.rollback()
        writer.record(graded())


def refused(url: str) -> GradebookError:
    """The error of opening a database."""
    with pytest.raises(GradebookError) as error, GradebookWriter(url, make_assignment(), ()):
        pass
    return error.value


@pytest.mark.parametrize(
    ("change", "problem", "tip"),
    [
        (lambda url: f"{url}_missing", "is not there", "createdb --owner USER DATABASE"),
        (lambda url: url.replace("teacher", "nobody"), "is not there", "createuser USER"),
        (lambda url: f"{url.rpartition(':')[0]}:1/gradebook", "cannot be reached", "pg_isready"),
        (lambda url: url.replace("gresql+psycopg", "gres"), "address", "postgresql+psycopg://"),
    ],
    ids=["database", "user", "port", "old name"],
)
def test_database_that_cannot_be_opened_gets_the_command_that_helps(
    folder: GradebookFolder, change: Callable[[str], str], problem: str, tip: str
) -> None:
    """The message names the database, and the tip the command."""
    error = refused(change(folder.url))
    assert problem in error.message
    assert tip in error.tip


def test_url_without_a_driver_is_read_by_psycopg(folder: GradebookFolder) -> None:
    """`postgresql://` is what people write."""
    folder.address = folder.url.replace("+psycopg", "")
    folder.record(graded())
    assert len(folder.auto_scores()) == 3


def test_older_schema_is_refused(folder: GradebookFolder, postgres: PostgresServer) -> None:
    """The tip is nbgrader's own command, and nothing is changed."""
    folder.create()
    database = folder.url.rpartition("/")[2]
    with psycopg.connect(postgres.dsn(database)) as other:
        other.execute("ALTER TABLE assignment DROP COLUMN course_id")
    error = refused(folder.url)
    assert '"assignment" lacks course_id' in error.message
    assert "nbgrader db upgrade" in error.tip
    assert "pg_dump" in error.tip


@pytest.mark.sandbox
def test_class_is_graded_into_postgresql(postgres: PostgresServer, tmp_path: Path) -> None:
    """`autograder grade`, `export` and nbgrader use the database that nbgrader_config.py names."""
    copy_course(tmp_path)
    url = postgres.create_database()
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nc.CourseDirectory.db_url = "{url}"\n')
    run(tmp_path, "nbgrader", "generate_assignment", NAME)
    hand_in(tmp_path, "ada", RIGHT.read_bytes())
    hand_in(tmp_path, "dan", b"{")
    printed = run(tmp_path, "autograder", "grade", NAME)
    assert f"Gradebook: {url}" in printed
    with api.Gradebook(url, "why-training-changes-weights") as gradebook:
        scores = {row.student_id: row.score for row in gradebook.assignment_submissions(NAME)}
        assert scores == {"ada": 18, "dan": 0}
        assert [course.id for course in gradebook.db.query(api.Course)] == [
            "why-training-changes-weights"
        ]
    run(tmp_path, "autograder", "export", "csv", NAME)
    run(tmp_path, "autograder", "feedback", NAME)
    assert "ada,01-first-training,graded,18,18,0" in (tmp_path / "exports" / "csv.csv").read_text()
    assert not (tmp_path / "gradebook.db").exists()


def test_copy_for_an_archive_is_the_same_gradebook(folder: GradebookFolder, tmp_path: Path) -> None:
    """An SQLite file with every row, as nbgrader reads it; extensions are durations there, too."""
    folder.record(graded("ada"), graded("bob", loss_goes_down=Outcome.FAILED))
    folder.mark("loss_goes_down", 2, "bob")
    with folder.nbgrader() as gradebook:
        gradebook.find_submission(NAME, "bob").extension = timedelta(days=2)
        gradebook.db.commit()
    copy_gradebook(folder.address, tmp_path / "copy.db")
    with api.Gradebook(f"sqlite:///{tmp_path / 'copy.db'}", COURSE_ID) as gradebook:
        bob = gradebook.find_submission(NAME, "bob")
        assert (bob.score, bob.extension) == (5.5, timedelta(days=2))
        assert [student.id for student in gradebook.students] == ["ada", "bob"]


def test_comments_and_agreed_marks_are_entered(folder: GradebookFolder) -> None:
    """As in SQLite: below a person's words, and where no person has marked."""
    folder.record(graded("ada"), graded("bob", loss_goes_down=Outcome.FAILED))
    folder.write_comment("train", "Mine.", "bob")
    folder.mark("compiles", 0.5, "bob")
    changes = {(student, "train"): lambda old: f"{old} More." for student in ("ada", "bob", "eve")}
    assert change_comments(folder.address, NAME, changes, COURSE_ID) == {
        ("ada", "train"): ("", " More."),
        ("bob", "train"): ("Mine.", "Mine. More."),
    }
    marks = {("bob", "loss_goes_down"): 2.0, ("bob", "compiles"): 1.0}
    stayed = enter_marks(folder.address, NAME, marks, COURSE_ID)
    assert stayed == {("bob", "loss_goes_down"): None, ("bob", "compiles"): 0.5}
    with folder.nbgrader() as gradebook:
        assert gradebook.find_comment("train", NAME, NAME, "bob").comment == "Mine. More."
        assert gradebook.find_submission(NAME, "bob").score == 5


def test_student_is_forgotten(folder: GradebookFolder) -> None:
    """All rows about one student go, and those of the others stay."""
    folder.record(graded("ada"), graded("bob"))
    delete_student(folder.address, "ada")
    assert count_rows(folder.address, "ada") == {}
    assert count_rows(folder.address, "bob")["grade"] == len(CHECKS)
    with folder.nbgrader() as gradebook:
        assert [student.id for student in gradebook.students] == ["bob"]
        assert gradebook.find_submission(NAME, "bob").score == 6.5
