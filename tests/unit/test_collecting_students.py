"""`autograder collect` finds each student's id in the course, and never mixes two students up."""

from __future__ import annotations

import pytest
from collect_folder import FILE, METADATA, CollectFolder, gradescope_metadata
from courses import NAME


@pytest.mark.parametrize(
    ("member", "headings", "rows"),
    [
        (
            f"lovelaceada_1815_70412_{FILE}",
            "Student,ID,SIS User ID,SIS Login ID,Section",
            [
                '"    Points Possible",,,,',
                '"Lovelace, Ada",1815,S12,ada,1',
                '"B, C",1816,S13,bob,1',
            ],
        ),
        (
            f"lovelaceada_1815_70412_{FILE}",
            "Student,student_id",
            ['"Lovelace, Ada",ada', '"B, C",bob'],
        ),
        (
            f"Ada Lovelace_11_assignsubmission_file/{FILE}",
            "Identifier;Full name;Username",
            ["Participant 11;Ada Lovelace;ada", "Participant 12;Ada Lovelace;bob"],
        ),
        (
            f"Ada Lovelace_11_assignsubmission_file/{FILE}",
            "First name,Last name,ID number,Email address",
            ["Ada,Lovelace,ada,a@example.org", "Bob,B,bob,b@example.org"],
        ),
        (
            f"1815-7 - Ada Lovelace - Oct 3, 2026 1142 PM/{FILE}",
            "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator",
            ["#23304308,#ada,Lovelace,Ada,a@example.org,#", "#23304309,#bob,B,Bob,b@example.org,#"],
        ),
        (
            f"1815-7 - 23304308 Lovelace - Oct 3, 2026 1142 PM/{FILE}",
            "OrgDefinedId,Username,Last Name,First Name",
            ["#23304308,#ada,Lovelace,Ada", "#23304309,#bob,B,Bob"],
        ),
    ],
    ids=["canvas", "canvas name", "moodle sheet", "moodle book", "brightspace", "with number"],
)
def test_exported_gradebook_of_each_system_is_a_roster(
    member: str, headings: str, rows: list[str], collecting: CollectFolder
) -> None:
    """Each system's own gradebook export gives the course's ids."""
    archive = collecting.zip({member: "ada"})
    roster = collecting.roster("\ufeff" + "\r\n".join([headings, *rows]) + "\r\n")
    result = collecting.collect(archive, "--roster", roster)
    assert result.status == 0, result
    assert collecting.submitted() == {"ada": "ada"}


def test_student_without_an_id_is_found_by_email_address(collecting: CollectFolder) -> None:
    """Gradescope's `sid` may be empty; --id-column names the column with the course's ids."""
    people = [("Ada", "", "Ada@example.org")]
    archive = collecting.zip(
        {
            METADATA: gradescope_metadata(("submission_1", people, "2026-10-03 21:42:07 UTC")),
            f"submission_1/{FILE}": "ada",
        }
    )
    roster = collecting.roster("Name,SID,Email,Login\nAda L.,12,ada@example.org,ada\n")
    result = collecting.collect(archive, "--roster", roster, "--id-column", "login")
    assert result.status == 0, result
    assert collecting.submitted() == {"ada": "ada"}


def test_students_who_cannot_be_told_apart_are_left(collecting: CollectFolder) -> None:
    """Two students are never merged: not by name, not by a shared id, not by case."""
    archive = collecting.zip(
        {
            f"Ann Lee_11_assignsubmission_file/{FILE}": "one Ann",
            f"Ann Lee_12_assignsubmission_file/{FILE}": "other Ann",
            f"Bo Ek_13_assignsubmission_file/{FILE}": "bo",
            f"Cy Orr_14_assignsubmission_file/{FILE}": "cy",
            f"Di Fox_15_assignsubmission_file/{FILE}": "nobody knows Di",
            f"Ed Roy_16_assignsubmission_file/{FILE}": "one of two",
        }
    )
    roster = collecting.roster(
        "Full name,Username\nAnn Lee,ann\nBo Ek,bo\nCy Orr,CY\nEd Roy,ed1\nRoy Ed,ed2\n"
    )
    (collecting.submissions / "cy").mkdir(parents=True)
    result = collecting.collect(archive, "--roster", roster)
    assert result.status == 3
    assert collecting.submitted() == {"bo": "bo"}
    assert "Ann Lee (11) and Ann Lee (12) would both be 'ann'" in result.out
    assert "'CY' and 'cy' differ only in case" in result.out
    assert "the roster does not list this student" in result.out
    assert "the roster lists 2 students who could be this one" in result.out
    assert "5 files were left" in result.err


def test_number_shared_by_two_names_is_left(collecting: CollectFolder) -> None:
    """Where Brightspace's first number is not a student's own, it merges nobody."""
    archive = collecting.zip(
        {
            f"397063-2557369 - Mary-Ann Smith - Sep 24, 2026 926 PM/{FILE}": "mary",
            f"397063-2557369 - John Doe - Sep 24, 2026 926 PM/{FILE}": "john",
        }
    )
    result = collecting.collect(archive)
    assert (result.status, collecting.submitted()) == (3, {})
    assert "John Doe (397063) and Mary-Ann Smith (397063) would both be" in result.out


def test_student_who_copies_another_name_is_not_taken_for_them(collecting: CollectFolder) -> None:
    """What follows the system's own part of a name is the student's text."""
    archive = collecting.zip(
        {
            f"Eve_66_assignsubmission_file/Ada_11_assignsubmission_file/{FILE}": "eve",
            f"Mal_67_assignsubmission_file_Ada_11_assignsubmission_file_{FILE}": "mal",
        }
    )
    collecting.collect(archive, "--assignment", NAME)
    assert collecting.submitted() == {"66": "eve", "67": "mal"}


@pytest.mark.parametrize("student", ["=1+1", "../../etc", "", "a\u202eb", ".hidden", "x" * 300])
def test_id_with_an_effect_is_left(student: str, collecting: CollectFolder) -> None:
    """What grading refuses as an id, or what leads to other folders, becomes no folder."""
    archive = collecting.zip({f"lovelaceada_1815_70412_{FILE}": "ada"})
    roster = collecting.roster(f'Student,ID,Login\n"Lovelace, Ada",1815,{student}\n')
    result = collecting.collect(archive, "--roster", roster, "--id-column", "Login")
    assert result.status == 3
    assert collecting.submitted() == {}
    assert "\u202e" not in result.out + result.err


def test_linked_folder_of_a_student_is_not_followed(collecting: CollectFolder) -> None:
    """A student's folder that is a link to another place stays as it is."""
    elsewhere = collecting.root / "elsewhere"
    elsewhere.mkdir()
    collecting.submissions.mkdir()
    (collecting.submissions / "1").symlink_to(elsewhere)
    result = collecting.collect(collecting.zip({f"a_1_10_{FILE}": "a"}))
    assert result.status == 3
    assert "is not a regular folder" in result.out
    assert not list(elsewhere.iterdir())
