"""`autograder collect` may run any number of times, and overwrites only what it wrote itself."""

from __future__ import annotations

import json

from collect_folder import FILE, LATER, NOON, CollectFolder
from courses import NAME


def test_second_run_changes_nothing(collecting: CollectFolder) -> None:
    """The same archive twice writes no file twice."""
    archive = collecting.zip({f"1815-7 - Ada - Oct 3, 2026 1142 PM/{FILE}": "ada"})
    collecting.collect(archive)
    before = collecting.snapshot()
    result = collecting.collect(archive)
    assert (result.status, collecting.snapshot()) == (0, before)
    assert "1 unchanged" in result.out


def test_newer_submission_replaces_an_older_one(collecting: CollectFolder) -> None:
    """Newer archives replace, older ones do not; a notebook may become a Python file."""
    first = collecting.zip({f"a_1_10_{FILE}": "first"}, "first.zip")
    second = collecting.zip({f"a_1_20_{NAME}.py": "second"}, "second.zip")
    collecting.collect(first)
    result = collecting.collect(second)
    assert "1 replaced" in result.out
    assert collecting.submitted() == {"1": "second"}
    before = collecting.snapshot()
    result = collecting.collect(first)
    assert result.status == 0
    assert "1 skipped (older)" in result.out
    assert collecting.snapshot() == before
    assert collecting.collect(first, second).status == 0
    assert collecting.snapshot() == before


def test_later_moodle_download_replaces_what_differs(collecting: CollectFolder) -> None:
    """Moodle's archives have no times, so the one that was packed later counts."""
    member = f"Ada_11_assignsubmission_file/{FILE}"
    collecting.collect(collecting.zip({member: "first"}, "1.zip", NOON))
    again = collecting.collect(collecting.zip({member: "first"}, "2.zip", LATER))
    assert "1 unchanged" in again.out
    changed = collecting.zip({member: "second"}, "3.zip", (2026, 10, 11, 12, 0, 0))
    assert "1 replaced" in collecting.collect(changed).out
    assert collecting.submitted() == {"11": "second"}


def test_file_that_a_person_wrote_or_changed_is_kept(collecting: CollectFolder) -> None:
    """Nothing is overwritten that this command did not write itself."""
    place = collecting.submissions / "1" / NAME / FILE
    place.parent.mkdir(parents=True)
    place.write_text("by hand")
    archive = collecting.zip({f"a_1_10_{FILE}": "a", f"b_2_11_{FILE}": "b"})
    result = collecting.collect(archive)
    assert result.status == 3
    assert "was not collected by this command" in result.out
    (collecting.submissions / "2" / NAME / FILE).write_text("corrected")
    newer = collecting.zip({f"b_2_12_{FILE}": "b, again"}, "newer.zip")
    assert "was changed after it was collected" in collecting.collect(newer).out
    other = collecting.zip({f"Bo_2_assignsubmission_file/{FILE}": "moodle's"}, "other.zip")
    assert "was collected from canvas, student 2" in collecting.collect(other).out
    assert collecting.submitted() == {"1": "by hand", "2": "corrected"}


def test_killed_run_is_completed_by_the_next_one(collecting: CollectFolder) -> None:
    """A notebook without its record is recognized, and what was half written is deleted."""
    archive = collecting.zip({f"1815-7 - Ada - Oct 3, 2026 1142 PM/{FILE}": "ada"})
    collecting.collect(archive)
    folder = collecting.submissions / "1815" / NAME
    complete = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / ".collected.json").unlink()
    (folder / "timestamp.txt").unlink()
    (folder / f".{FILE}.999999999.partial").write_text("half")
    assert collecting.collect(archive).status == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == complete


def test_dry_run_shows_everything_and_writes_nothing(collecting: CollectFolder) -> None:
    """--dry-run prints the same table, and leaves no trace."""
    archive = collecting.zip({f"lovelaceada_1_10_{FILE}": "a", "b_2_11_x.pdf": "b"})
    result = collecting.collect(archive, "--dry-run")
    assert result.status == 3
    assert "lovelaceada (1)" in result.out
    assert "b_2_11_x.pdf" in result.out
    assert "nothing was written" in result.out
    assert not collecting.submissions.exists()


def test_record_of_a_submission_names_its_archive(collecting: CollectFolder) -> None:
    """`.collected.json` has archive and member, and no path of this computer."""
    collecting.collect(collecting.zip({f"a_LATE_1_10_{FILE}": "a"}))
    text = (collecting.submissions / "1" / NAME / ".collected.json").read_text()
    record = json.loads(text)
    assert record["archive"] == "submissions.zip"
    assert record["member"] == f"a_LATE_1_10_{FILE}"
    assert record["late"] is True
    assert str(collecting.root) not in text
