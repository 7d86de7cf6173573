"""`autograder collect` understands how four learning management systems pack submissions."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from collect_folder import FILE, METADATA, CollectFolder, gradescope_metadata
from courses import NAME
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin
from nbgrader.utils import parse_utc

from autograder.collecting import FORMATS, Format
from autograder.submissions import find_submissions


def test_canvas_archive_is_collected(collecting: CollectFolder) -> None:
    """Late marks, umlauts, numbers in names and Canvas's -1 for a second upload are understood."""
    archive = collecting.zip(
        {
            f"lovelaceada_1815_70412_{FILE}": "ada",
            f"müllerjörg_LATE_1816_70399_{NAME}.ipynb": "jörg, first",
            f"müllerjörg_LATE_1816_70413_{NAME}-1.ipynb": "jörg, second",
            f"oneillanne_marie_1817_70414_{NAME} (1).ipynb": "anne",
            f"doe2john_1818_70415_2_3_{NAME}.ipynb": "john",
            f"anon_b9Xz1_70416_{FILE}": "somebody",
            f"hopperg_1819_70417_{NAME}.py": "grace = 1",
        }
    )
    result = collecting.collect(archive)
    assert collecting.submitted() == {
        "1815": "ada",
        "1816": "jörg, second",
        "1817": "anne",
        "1818": "john",
        "1819": "grace = 1",
        "anon_b9Xz1": "somebody",
    }
    assert result.status == 0, result
    assert "müllerjörg (1816)" in result.out
    assert "new, late" in result.out
    assert f"{NAME}-1.ipynb of the same attempt counts" in result.out


def test_moodle_archive_is_collected(collecting: CollectFolder) -> None:
    """All forms of its names are understood, and folders inside and around them."""
    archive = collecting.zip(
        {
            f"Ada Lovelace_11_assignsubmission_file/{FILE}": "ada",
            "Ada Lovelace_11_assignsubmission_onlinetext/onlinetext.html": "<p>Hello</p>",
            f"Jörg Müller-Lüdenscheidt_12_assignsubmission_file/homework/final/{FILE}": "jörg",
            f"Grace Hopper_13_assignsubmission_file_/{FILE}": "grace",
            f"Alan Turing_14_assignsubmission_file_{FILE}": "alan",
            f"again/Kurt Gödel_15_assignsubmission_file/{FILE}": "kurt",
            f"__MACOSX/again/._Kurt Gödel_15_assignsubmission_file/{FILE}": "litter",
            "again/.DS_Store": "litter",
        }
    )
    result = collecting.collect(archive)
    assert collecting.submitted() == {
        "11": "ada",
        "12": "jörg",
        "13": "grace",
        "14": "alan",
        "15": "kurt",
    }
    assert result.status == 0, result
    assert "Jörg Müller-Lüdenscheidt (12)" in result.out
    assert "onlinetext.html" in result.out
    assert "litter" not in result.out
    assert "__MACOSX" not in result.out
    assert collecting.submitted_at("11") is None


def test_brightspace_archive_is_collected(collecting: CollectFolder) -> None:
    """The newest of several attempts counts, and times are on the instructor's clock."""
    archive = collecting.zip(
        {
            "index.html": "<html>",
            f"1815-7 - Ada Lovelace - Oct 3, 2026 1142 PM/{FILE}": "ada, second",
            f"1815-7 - Ada Lovelace - Oct 3, 2026 958 AM/{FILE}": "ada, first",
            f"1816-7 - Anna-Lena O'Neil- Sep 30, 2026 1205 AM/{FILE}": "anna",
            f"1817-7 - 23304308 Angood - 05 March 2026 612 PM/{FILE}": "angood",
            f"1818-7 - Alan Turing - Oct 4, 2026 100 PM - {FILE}": "alan",
        }
    )
    result = collecting.collect(archive)
    assert collecting.submitted() == {
        "1815": "ada, second",
        "1816": "anna",
        "1817": "angood",
        "1818": "alan",
    }
    assert result.status == 0, result
    assert "a newer attempt counts" in result.out
    assert collecting.submitted_at("1815") == datetime(2026, 10, 3, 21, 42, tzinfo=timezone.utc)
    assert collecting.submitted_at("1816") == datetime(2026, 9, 29, 22, 5, tzinfo=timezone.utc)
    assert collecting.submitted_at("1817") == datetime(2026, 3, 5, 17, 12, tzinfo=timezone.utc)


def test_gradescope_archive_is_collected(collecting: CollectFolder) -> None:
    """Everybody in a group gets the group's notebook, ids keep their zeros, and times are read."""
    archive = collecting.zip(
        {
            METADATA: gradescope_metadata(
                (
                    "submission_1",
                    [("Ada", "'0012'", "ada@example.org")],
                    "2026-10-03 21:42:07.123456789 Z",
                ),
                (
                    "submission_2",
                    [("Bo", "13", "bo@example.org"), ("Cy", "", "cy@example.org")],
                    "2026-10-03 14:42:07.000000000 -07:00",
                ),
            ),
            f"assignment_7_export/submission_1/{FILE}": "ada",
            f"assignment_7_export/submission_2/homework/{FILE}": "both",
        }
    )
    result = collecting.collect(archive)
    assert result.status == 0, result
    assert collecting.submitted() == {"0012": "ada", "13": "both", "cy@example.org": "both"}
    moment = datetime(2026, 10, 3, 21, 42, 7, 123456, tzinfo=timezone.utc)
    assert collecting.submitted_at("0012") == moment
    assert collecting.submitted_at("13") == moment.replace(microsecond=0)


def test_collected_submission_is_found_by_nbgrader_and_by_grading(
    collecting: CollectFolder,
) -> None:
    """The layout and the timestamp are those that both programs read."""
    archive = collecting.zip({f"1815-7 - Ada - Oct 3, 2026 1142 PM/{FILE}": "{}"})
    assert collecting.collect(archive).status == 0
    (file,) = find_submissions(collecting.submissions, NAME)
    assert (file.student, file.path.read_text()) == ("1815", "{}")
    text = file.path.with_name("timestamp.txt").read_text().strip()
    assert parse_utc(text) == datetime(2026, 10, 3, 21, 42)  # noqa: DTZ001 - nbgrader's are naive


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_pattern_of_a_format_works_in_nbgraders_own_collector(form: Format) -> None:
    """The patterns can be given to `nbgrader zip_collect` as they are."""
    plugin = FileNameCollectorPlugin(named_regexp=form.named_regexp)
    groups = plugin.collect(form.example)
    assert groups is not None
    assert {"student_id", "file_id"} <= groups.keys()
    assert groups["file_id"] == "notebook.ipynb"


def test_archive_of_no_known_system_is_refused(collecting: CollectFolder) -> None:
    """The message shows what was found, and what each system's names look like."""
    result = collecting.collect(collecting.zip({"holiday.jpg": "x"}))
    assert result.status == 2
    assert "holiday.jpg" in result.err
    assert all(form.example in result.err for form in FORMATS.values())


@pytest.mark.parametrize(
    "text",
    ["{", "submission_1: 5", "a: &a [*a]", "submission_1:\n  :submitters: {:name: x}\n", "\xff"],
)
def test_damaged_gradescope_metadata_is_named(text: str, collecting: CollectFolder) -> None:
    """Metadata that does not match the schema stops the run."""
    data = text.encode("latin-1")
    result = collecting.collect(collecting.zip({METADATA: data, f"submission_1/{FILE}": "a"}))
    assert result.status == 2
    assert "submission_metadata.yml in" in result.err
    assert not collecting.submissions.exists()


def test_gradescope_export_without_metadata_is_refused(collecting: CollectFolder) -> None:
    """Without it nobody knows whose a submission is."""
    result = collecting.collect(collecting.zip({f"submission_1/{FILE}": "a"}))
    assert result.status == 2
    assert "has no submission_metadata.yml" in result.err


def test_gradescope_submission_without_metadata_is_left(collecting: CollectFolder) -> None:
    """A folder that the metadata do not list belongs to nobody."""
    people = [("Ada", "12", "ada@example.org")]
    result = collecting.collect(
        collecting.zip(
            {
                METADATA: gradescope_metadata(("submission_1", people, "no time")),
                f"submission_1/{FILE}": "ada",
                f"submission_2/{FILE}": "whose?",
            }
        )
    )
    assert (result.status, collecting.submitted()) == (3, {"12": "ada"})
    assert f"submission_2/{FILE}: its name does not say whose it is" in result.out
