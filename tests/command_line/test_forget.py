"""`autograder forget`: everything about one student goes, and nothing else."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import hand_in, run_here
from courses import NAME, copy_course
from grades import make_rubric_grade
from nbgrader import api

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.collecting import Enrolled
from autograder.course import Course
from autograder.grading import GradeStore
from autograder.grading.watching.answers import Answered, AnswerStore
from autograder.outputs import History
from autograder.outputs.gradebook import GradebookWriter, fill_students
from autograder.records import find_kept, forget
from autograder.records.inventory import delete, inventory
from autograder.results import Outcome

STUDENT, OTHER = "ada-1815", "ada-18"
SECRET = b"a secret of the exchange"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course in which two students with similar ids have everything that can be kept."""
    course = copy_course(tmp_path / "course")
    root, rubric = course.root, course.assignment(NAME)
    exchange = tmp_path / "exchange" / "training"
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("\nc.CourseDirectory.course_id = 'training'\n")
        config.write(f"c.Exchange.root = {str(exchange.parent)!r}\n")
    store, history = GradeStore(root / "grades" / NAME), History(root, NAME)
    with GradebookWriter(root / "gradebook.db", rubric, ("build",), course_id="training") as writer:
        for student in (STUDENT, OTHER):
            grade = make_rubric_grade(
                rubric.checks, {next(iter(rubric.checks)): Outcome.FAILED}, student=student
            )
            store.write(grade)
            store.write_log(student, "a traceback")
            store.mark_recorded(grade)
            store.mark_kept(grade, "c" * 64)
            history.observe(grade, None)
            writer.record(grade)
            hand_in(root, student, b'{"cells": []}')
            AnswerStore(root / "practice/answers").write(NAME, student, Answered())
            for name in ("autograded", "feedback", "practice/submitted", "practice/feedback"):
                place = root / name / student / NAME
                place.mkdir(parents=True)
                (place / f"{NAME}.html").write_text(student)
            secret = SECRET + student.encode()
            (root / "submitted" / student / NAME / "submission_secret.txt").write_bytes(secret)
            released = hashlib.md5(secret + NAME.encode(), usedforsecurity=False).hexdigest()
            for name in ("feedback", f"inbound/{student}+{NAME}+2027-02-15 22:58:30 UTC+ab12"):
                (exchange / name).mkdir(parents=True, exist_ok=True)
            (exchange / "feedback" / f"{released}.html").write_text(student)
    people = [Enrolled(name, "Ada", "King", f"{name}@example.org") for name in (STUDENT, OTHER)]
    fill_students(root / "gradebook.db", people, "training")
    monkeypatch.chdir(root)
    return course


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but the gradebook; folders have no content."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
        if path.name != "gradebook.db"
    }


def students(course: Course) -> list[str]:
    """Whom nbgrader's gradebook has."""
    with api.Gradebook(f"sqlite:///{course.root}/gradebook.db", "training") as gradebook:
        return sorted(student.id for student in gradebook.students)


def test_listing_deletes_nothing(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is listed first, from the exchange to the gradebook."""
    before = contents(course.root.parent)
    done = run_here(capsys, "forget", STUDENT)
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    assert contents(course.root.parent) == before
    assert students(course) == [OTHER, STUDENT]
    listed = [line.partition(": ")[0] for line in done.stdout.splitlines()]
    places = (
        "inbound",
        "training/feedback",
        "submitted",
        "autograded",
        "course/feedback",
        "practice/feedback",
    )
    suffixes = ("json", "log", "recorded", "kept", "jsonl")
    for place in (*places, *(f"ada-1815.{suffix}" for suffix in suffixes)):
        assert [line for line in listed if place in line], place
    assert "student: 1, submitted_assignment: 1, submitted_notebook: 1, grade: " in done.stdout
    assert "Nothing was deleted." in done.stdout


def test_nothing_of_the_student_is_left(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """No file, no name and no byte of the gradebook has the id; the other student has all."""
    run_here(capsys, "export", "csv")
    other = {n: data for n, data in contents(course.root.parent).items() if STUDENT not in n}
    done = run_here(capsys, "forget", STUDENT, "--yes")
    assert (done.returncode, done.stderr) == (SUCCESS, ""), done.stdout
    after = contents(course.root.parent)
    assert not [name for name, data in after.items() if STUDENT in name or STUDENT.encode() in data]
    assert STUDENT.encode() not in (course.root / "gradebook.db").read_bytes()
    assert students(course) == [OTHER]
    kept = {name: data for name, data in other.items() if STUDENT.encode() not in data}
    assert after == kept
    with api.Gradebook(f"sqlite:///{course.root}/gradebook.db", "training") as gradebook:
        assert gradebook.find_submission(NAME, OTHER).score > 0
    again = run_here(capsys, "forget", STUDENT, "--yes")
    assert (again.returncode, again.stdout) == (SUCCESS, f"Nothing is kept about {STUDENT}.\n")


def test_comparisons_with_the_student_go_whole(course: Course) -> None:
    """Pages of alike answers that have the id are deleted together; other comparisons stay."""
    folders = [course.root / "similarity" / name for name in (NAME, "02-house-prices")]
    for folder, student in zip(folders, (STUDENT, OTHER), strict=True):
        folder.mkdir(parents=True)
        (folder / "pairs.csv").write_text(f"1,pair-001.html,{student},bob\n")
    kept = [item.path for item in inventory(course, STUDENT) if "similarity" in item.path.parts]
    assert kept == folders[:1]


def test_what_a_person_made_is_named_and_stays(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """Zips, class lists and backups of the gradebook are told, with the place in them."""
    root = course.root
    (root / "roster.csv").write_text(f"id,email\n{OTHER},x\nx,{STUDENT}@example.org\n")
    (root / "notes.txt").write_text("King, Ada called.\n")
    (root / "backup.db").write_bytes((root / "gradebook.db").read_bytes())
    with zipfile.ZipFile(root / "moodle.zip", "w") as archive:
        archive.writestr(f"{STUDENT}_{NAME}.ipynb", "{}")
    before = {path: path.read_bytes() for path in root.iterdir() if path.is_file()}
    done = run_here(capsys, "forget", STUDENT, "--yes")
    assert done.returncode == INCOMPLETE
    named = dict(line.strip().rsplit(": ", 1) for line in done.stdout.splitlines() if "  /" in line)
    assert {Path(path).name: where for path, where in named.items()} == {
        "backup.db": "a database",
        "moodle.zip": f"{STUDENT}_{NAME}.ipynb in it",
        "notes.txt": "line 1",
        "roster.csv": "line 3",
    }
    for path, data in before.items():
        assert path.name == "gradebook.db" or path.read_bytes() == data


@pytest.mark.parametrize(
    "student",
    ["", ".", "..", "../course", "/etc", "*", "ada-*", "[a]da-18", "ada-18/", ".git", "a\\b", "%"],
)
def test_hostile_id_deletes_nothing(
    student: str, course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """An id is compared with names, and is never a path or a pattern."""
    before = contents(course.root.parent)
    done = run_here(capsys, "forget", "--yes", "--", student)
    assert done.returncode in (SUCCESS, INCOMPLETE, BAD_USAGE)
    assert contents(course.root.parent) == before
    assert students(course) == [OTHER, STUDENT]


def test_link_is_deleted_and_not_what_it_leads_to(course: Course) -> None:
    """A student's folder may be a link, or have one in it."""
    outside = course.root.parent / "home"
    outside.mkdir()
    (outside / "thesis").write_text("mine")
    (course.root / "submitted" / STUDENT / "home").symlink_to(outside)
    (course.root / "submitted" / "linked").symlink_to(outside)
    for student in (STUDENT, "linked"):
        forget(find_kept(course, student), course, lambda _: None)
    assert (outside / "thesis").read_text() == "mine"
    assert not (course.root / "submitted" / STUDENT).exists()
    assert not (course.root / "submitted" / "linked").is_symlink()


@pytest.mark.parametrize("survived", range(10))
def test_next_run_completes_a_killed_one(survived: int, course: Course) -> None:
    """Wherever the program was killed, the rest is found again and deleted."""
    for item in inventory(course, STUDENT)[:survived]:
        delete(item, STUDENT)
    forget(find_kept(course, STUDENT), course, lambda _: None)
    assert inventory(course, STUDENT) == []
    names = contents(course.root.parent)
    assert not [name for name, data in names.items() if STUDENT in name or STUDENT.encode() in data]
    assert students(course) == [OTHER]


def test_what_cannot_be_deleted_does_not_stop_the_rest(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exchange may have files of another user; they are named, and the exit status is 2."""

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    remove: Callable[..., None] = forget.__globals__["delete"]

    def remove_or_refuse(item: object, student: str) -> None:
        path = getattr(item, "path", Path())
        refuse(path) if "inbound" in str(path) else remove(item, student)

    monkeypatch.setitem(forget.__globals__, "delete", remove_or_refuse)
    done = run_here(capsys, "forget", STUDENT, "--yes")
    assert done.returncode == BAD_USAGE
    assert "Permission denied" in done.stderr
    assert students(course) == [OTHER]
    assert not (course.root / "submitted" / STUDENT).exists()
