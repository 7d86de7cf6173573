"""The file that a history is kept in: nothing is lost by a kill, and an edit is noticed."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.outputs.history import Entry, Journal, Record

SUBJECT = "ada/01-first-training"
AT = datetime(2027, 2, 16, 9, 30, tzinfo=timezone.utc)
REASONS = ("the threshold was too high", "Größe\n\u202e", "")


def next_entry(reason: str) -> Callable[[Record], Entry]:
    """What makes an entry that follows those of a journal."""

    def make(record: Record) -> Entry:
        number = len(record.entries) + 1
        return Entry(number=number, at=AT, by="a test", reason=reason, score=number, max_score=18)

    return make


def write_journal(folder: Path, *reasons: str) -> Journal:
    """A journal with an entry for each reason."""
    journal = Journal(folder / "01-first-training" / "ada.jsonl", SUBJECT)
    for reason in reasons:
        journal.append(next_entry(reason))
    return journal


def reasons_of(journal: Journal) -> list[str]:
    """The reasons in a journal."""
    return [entry.reason for entry in journal.read().entries]


def test_entries_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Every character and time, in order."""
    journal = write_journal(tmp_path, *REASONS)
    record = journal.read()
    assert reasons_of(journal) == list(REASONS)
    assert [(entry.at, entry.score) for entry in record.entries] == [(AT, 1), (AT, 2), (AT, 3)]
    assert record.problems == ()
    assert len(journal.path.read_bytes().splitlines()) == 3


def test_journal_without_a_file_is_empty(tmp_path: Path) -> None:
    """Reading creates nothing."""
    assert write_journal(tmp_path).read() == Record()
    assert list(tmp_path.iterdir()) == []


def test_journal_is_private(tmp_path: Path) -> None:
    """It holds marks, so only the owner reads it."""
    path = write_journal(tmp_path, "x").path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@given(st.data())
def test_kill_at_any_byte_loses_no_entry_before_it(data: st.DataObject) -> None:
    """An incomplete last line is told and kept aside; the journal goes on behind the others."""
    with tempfile.TemporaryDirectory() as folder:
        journal = write_journal(Path(folder), *REASONS)
        written = journal.path.read_bytes()
        cut = data.draw(st.integers(0, len(written)), label="cut")
        journal.path.write_bytes(written[:cut])
        whole = written[:cut].count(b"\n")
        torn = written[:cut].rpartition(b"\n")[2]
        record = journal.read()
        assert [entry.reason for entry in record.entries] == list(REASONS[:whole])
        assert len(record.problems) == bool(torn)
        journal.append(next_entry("after the kill"))
        assert reasons_of(journal) == [*REASONS[:whole], "after the kill"]
        assert journal.read().problems == ()
        aside = journal.path.with_suffix(".torn")
        assert (aside.read_bytes() if aside.exists() else b"") == (torn + b"\n" if torn else b"")


@given(st.data())
def test_edit_of_any_character_is_noticed(data: st.DataObject) -> None:
    """Whatever is put in a character's place, the entries are the same or the file is reported."""
    with tempfile.TemporaryDirectory() as folder:
        journal = write_journal(Path(folder), *REASONS)
        before, written = journal.read(), bytearray(journal.path.read_bytes())
        place = data.draw(st.integers(0, len(written) - 1), label="place")
        written[place] = data.draw(st.integers(0, 255), label="byte")
        journal.path.write_bytes(bytes(written))
        after = journal.read()
        assert after.problems or after.entries == before.entries


@pytest.mark.parametrize("order", [(0, 2), (1, 0, 2), (0, 1, 1, 2), (1, 2)], ids=str)
def test_line_that_is_removed_moved_or_repeated_is_noticed(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    """Each line names the one before."""
    journal = write_journal(tmp_path, *REASONS)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join(lines[i] for i in order))
    assert "was removed, added or changed" in " ".join(journal.read().problems)


def test_journal_of_another_student_is_noticed(tmp_path: Path) -> None:
    """The chain begins with the student and the assignment."""
    path = write_journal(tmp_path, "x").path
    assert Journal(path, "bob/01-first-training").read().problems != ()


def test_edit_stays_noticed_after_further_entries(tmp_path: Path) -> None:
    """Going on does not make a changed line right."""
    journal = write_journal(tmp_path, "first", "second")
    journal.path.write_bytes(journal.path.read_bytes().replace(b"first", b"fIrst"))
    journal.append(next_entry("third"))
    assert reasons_of(journal) == ["fIrst", "second", "third"]
    (problem,) = journal.read().problems
    assert "line 1: this was changed after it was written" in problem


def test_entry_that_cannot_be_written_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk may take half a line, which is taken back."""
    journal = write_journal(tmp_path, "first")
    before = journal.path.read_bytes()
    write = os.write

    def write_half(descriptor: int, data: bytes) -> int:
        write(descriptor, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", write_half)
    with pytest.raises(OSError, match="No space"):
        journal.append(next_entry("second"))
    assert journal.path.read_bytes() == before


def test_entries_of_several_writers_follow_one_another(tmp_path: Path) -> None:
    """Each sees what the others wrote, so every number is there once."""
    journal = write_journal(tmp_path)
    threads = [
        threading.Thread(target=journal.append, args=[next_entry(str(i))]) for i in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in journal.read().entries] == list(range(1, 13))
    assert journal.read().problems == ()
