"""Rosters: who is enrolled, and what of a file cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.collecting import Enrolled, Enrollment, enrollment, read_roster
from autograder.errors import CollectError, CsvError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,First training (42)
    Points Possible,,,,,18
"King, Ada",101,u1,ada,A,
"Nöther, Émmy, Dr.",102,u2,emmy,A,5
Maria,103,u3,maria,A,
"Student, Test",104,,,A,
"""
MOODLE_SHEET = """\
Identifier,Full name,ID number,Email address,Grade,Last modified (grade)
Participant 1,Ada King,ada,ada@example.org,-,-
"""
MOODLE_PARTICIPANTS = "First name,Last name,ID number,Email address,Groups\nAda,King,ada,a@x.org,\n"
BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,First training Points Grade,End-of-Line Indicator
#1815,#ada,King,Ada,a@x.org,,#
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Sections
Ada,King,ada,a@x.org,Student,1
Charles,Babbage,charles,c@x.org,Instructor,1
"""
GRADESCOPE_GRADES = "Name,SID,Email,Total Score,Max Points\nAda King,ada,a@x.org,,18\n"
PLAIN = "id,first_name,last_name,email,lms_user_id\nada,Ada,King,a@x.org,1815\n"


def read(tmp_path: Path, content: str | bytes, id_column: str | None = None) -> Enrollment:
    """What a roster says."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return enrollment(read_roster(path, id_column))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (MOODLE_SHEET, Enrolled("ada", "", "Ada King", "ada@example.org")),
        (MOODLE_PARTICIPANTS, Enrolled("ada", "Ada", "King", "a@x.org")),
        (BRIGHTSPACE, Enrolled("ada", "Ada", "King", "a@x.org")),
        (GRADESCOPE, Enrolled("ada", "Ada", "King", "a@x.org")),
        (GRADESCOPE_GRADES, Enrolled("ada", "", "Ada King", "a@x.org")),
        (PLAIN, Enrolled("ada", "Ada", "King", "a@x.org", "1815")),
        ("id,name\nada,Ada King\n", Enrolled("ada", "", "Ada King")),
        ("student_id\nada\n", Enrolled("ada")),
    ],
    ids=["sheet", "participants", "brightspace", "gradescope", "grades", "plain", "name", "id"],
)
def test_roster_of_each_system_is_read(content: str, expected: Enrolled, tmp_path: Path) -> None:
    """Names that the file divides stay divided; a single name stays whole, as the last name."""
    assert read(tmp_path, content) == Enrollment((expected,), ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_roster_of_canvas_divides_names_at_the_comma(encoding: str, tmp_path: Path) -> None:
    """Rows of maxima and the test student are no students; Canvas' own id is the LMS id."""
    result = read(tmp_path, CANVAS.encode(encoding))
    assert result.problems == ()
    assert result.students == (
        Enrolled("ada", "Ada", "King", "", "101"),
        Enrolled("emmy", "Émmy, Dr.", "Nöther", "", "102"),
        Enrolled("maria", "", "Maria", "", "103"),
    )


def test_id_column_can_be_named(tmp_path: Path) -> None:
    """Any column can have the course's ids."""
    result = read(tmp_path, CANVAS, "SIS User ID")
    assert [student.student for student in result.students] == ["u1", "u2", "u3"]


def test_empty_id_column_is_passed_over(tmp_path: Path) -> None:
    """Moodle writes a column of ID numbers that nobody filled in."""
    result = read(tmp_path, "ID number,Name,Email\n,Ada,ada@x.org\n")
    assert result.students == (Enrolled("ada@x.org", "", "Ada", "ada@x.org"),)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["ada,A,1", "ada,B,1"], "lines 2 and 3: 'ada' is listed with different"),
        (["ada,A,1", "ADA,B,1"], "lines 2 and 3: 'ADA' and 'ada' differ only in case"),
        ([",Ada,1", "", '"",Bob,'], "line 2: Ada has no id in the column 'id'."),
        (["../ada,A,", "ben,B,"], "line 2: '../ada' cannot be an id: it must not contain slashes"),
        (["ben,B,", "=1+1,A,"], "line 3: '=1+1' cannot be an id: it must not begin with ="),
        (['"a\nb",B,', f"{'x' * 129},A,"], "line 4: 'x"),
        (["ben,B,", "ada,King, Ada,"], "line 3: it has more cells than there are headings"),
    ],
    ids=["twice", "case", "none", "path", "formula", "long", "comma"],
)
def test_row_without_a_clear_id_is_told_with_its_line(
    rows: list[str], problem: str, tmp_path: Path
) -> None:
    """Such a row lists nobody; the message names its line in the file."""
    result = read(tmp_path, "\n".join(["id,name,section", *rows]) + "\n")
    assert problem in "\n".join(result.problems)
    assert not {"ada", "ADA", "../ada", "=1+1", ""} & {s.student for s in result.students}


def test_student_who_is_listed_in_two_sections_is_one(tmp_path: Path) -> None:
    """Rows that say the same about a student are no contradiction."""
    result = read(tmp_path, "id,name,section\nada,Ada,1\nada,Ada,2\n")
    assert result == Enrollment((Enrolled("ada", "", "Ada"),), ())


def test_shared_address_is_left_out_for_both(tmp_path: Path) -> None:
    """Both students stay on the roster, without what might be the other's."""
    result = read(tmp_path, "id,email,lms_user_id\nada,a@x.org,1\nbob,A@x.org,2\ncy,c@x.org,1\n")
    assert result.students == (
        Enrolled("ada"),
        Enrolled("bob", lms_user_id="2"),
        Enrolled("cy", email="c@x.org"),
    )
    assert result.problems == (
        "lines 2 and 3: 'ada' and 'bob' share the e-mail address 'a@x.org', which is left out.",
        "lines 2 and 4: 'ada' and 'cy' share the LMS's id '1', which is left out.",
    )


def test_name_that_the_gradebook_cannot_hold_is_left_out(tmp_path: Path) -> None:
    """PostgreSQL would refuse it, and with it the whole roster."""
    result = read(tmp_path, f"id,last_name,email\nada,{'x' * 129},a@x.org\n")
    assert result.students == (Enrolled("ada", email="a@x.org"),)
    assert result.problems[0].startswith("line 2: the last name of 'ada' has more than 128")


def test_control_characters_are_no_part_of_a_name(tmp_path: Path) -> None:
    """A name is one line, without the zero bytes that databases refuse; joiners stay."""
    (student,) = read(tmp_path, 'id,name\nada,"Ada\n\x00King\x1b[31m\u200d"\n').students
    assert student.last_name == "Ada King[31m\u200d"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"id,name\n", "lists no students"),
        ("id,name\nada,Ada\nemmy,Nöther\n".encode("latin-1"), "line 3 has the byte 0xF6"),
        (b"Mark,Points\n1,2\n", "has no column of student ids; it has Mark, Points"),
    ],
    ids=["empty", "headings", "latin-1", "other"],
)
def test_file_that_is_no_roster_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """The message says what is wrong with it, and where."""
    with pytest.raises((CsvError, CollectError), match=message):
        read(tmp_path, content)
