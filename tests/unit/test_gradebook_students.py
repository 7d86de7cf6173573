"""The roster in nbgrader's own table of students."""

from __future__ import annotations

from gradebooks import GradebookFolder, graded

from autograder.collecting import Enrolled
from autograder.outputs.gradebook import (
    StudentChange,
    changes_by,
    fill_students,
    read_students,
    roster_of,
    spelled_as_known,
)

ADA = Enrolled("ada", "Ada", "King", "ada@example.org", "101")
DETAILS = ("first_name", "last_name", "email", "lms_user_id")


def rows(folder: GradebookFolder) -> dict[str, tuple[str | None, ...]]:
    """Students as nbgrader reads them."""
    with folder.nbgrader() as gradebook:
        return {s.id: tuple(getattr(s, name) for name in DETAILS) for s in gradebook.students}


def test_roster_fills_names_and_addresses(course_folder: GradebookFolder) -> None:
    """The gradebook has what the roster says; writing it again changes nothing."""
    changes = fill_students(course_folder.database, [ADA])
    assert [(change.column, change.after) for change in changes] == [
        ("roster", "listed"),
        *ADA.details.items(),
    ]
    assert rows(course_folder) == {"ada": ("Ada", "King", "ada@example.org", "101")}
    before = course_folder.dump()
    assert fill_students(course_folder.database, [ADA]) == ()
    assert course_folder.dump() == before


def test_blank_replaces_nothing(course_folder: GradebookFolder) -> None:
    """What the roster does not say stays, and so do students whom it does not list."""
    with_name = Enrolled("bob", "Bob", "Ek")
    fill_students(course_folder.database, [ADA, with_name])
    changes = fill_students(course_folder.database, [Enrolled("ada", last_name="Lovelace")])
    assert changes == (StudentChange("ada", "last_name", "King", "Lovelace"),)
    assert rows(course_folder) == {
        "ada": ("Ada", "Lovelace", "ada@example.org", "101"),
        "bob": ("Bob", "Ek", None, None),
    }


def test_hostile_names_are_only_text(course_folder: GradebookFolder) -> None:
    """What looks like SQL or a formula is stored as it is."""
    name = "Robert'); DROP TABLE student;--"
    fill_students(course_folder.database, [Enrolled("bob", "=1+1", name)])
    assert rows(course_folder) == {"bob": ("=1+1", name, None, None)}


def test_marks_stay_when_the_roster_is_filled_in(course_folder: GradebookFolder) -> None:
    """A student who was graded first keeps the submission."""
    course_folder.record(graded())
    marks = course_folder.auto_scores()
    fill_students(course_folder.database, [ADA])
    assert course_folder.auto_scores() == marks
    assert read_students(course_folder.database)["ada"].name == "Ada King"


def test_student_whom_only_grading_knows_is_not_on_the_roster(
    course_folder: GradebookFolder,
) -> None:
    """The roster is known once somebody entered it, be it only a list of ids."""
    course_folder.record(graded("zoe"), graded("ada"))
    assert roster_of(read_students(course_folder.database)) == frozenset()
    fill_students(course_folder.database, [Enrolled("ada"), Enrolled("bob")])
    assert roster_of(read_students(course_folder.database)) == {"ada", "bob"}
    course_folder.record(graded("bob"))
    assert roster_of(read_students(course_folder.database)) == {"ada", "bob"}


def test_students_whom_nbgrader_added_are_on_the_roster(course_folder: GradebookFolder) -> None:
    """`nbgrader db student add` may give nothing but an id."""
    course_folder.record(graded("zoe"))
    with course_folder.nbgrader() as gradebook:
        gradebook.update_or_create_student("bob")
    assert roster_of(read_students(course_folder.database)) == {"bob", "zoe"}
    with course_folder.nbgrader() as gradebook:
        gradebook.update_or_create_student("bob", email="bob@example.org")
    assert roster_of(read_students(course_folder.database)) == {"bob"}


def test_id_is_spelled_as_the_course_does() -> None:
    """Case may differ between systems; where it is unclear, the roster's spelling stays."""
    assert spelled_as_known(Enrolled("Ada", "Ada"), {"ada", "bob"}) == Enrolled("ada", "Ada")
    assert spelled_as_known(Enrolled("ADA"), {"Ada", "ada"}) == Enrolled("ADA")
    assert spelled_as_known(Enrolled("ada"), {"Ada", "ada"}) == Enrolled("ada")


def test_dry_run_is_what_writing_changes(course_folder: GradebookFolder) -> None:
    """The plan and what was done are the same."""
    fill_students(course_folder.database, [Enrolled("ada", "Ada", "Byron")])
    planned = changes_by(read_students(course_folder.database), [ADA, Enrolled("bob")])
    assert fill_students(course_folder.database, [ADA, Enrolled("bob")]) == planned
