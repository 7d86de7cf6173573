"""The gradebook's database: transactions, creation, and what is wrong with it in words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from gradebooks import SOLUTION_CELLS, GradebookFolder, graded, make_assignment
from sqlalchemy import event

from autograder.errors import GradebookError
from autograder.outputs.gradebook import GradebookWriter


def test_interrupted_record_leaves_the_gradebook_as_it_was(course_folder: GradebookFolder) -> None:
    """A failure after the last row was sent undoes the whole record, and the next one works."""
    course_folder.record(graded("bob"))
    before = course_folder.dump()

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with GradebookWriter(course_folder.database, make_assignment(), SOLUTION_CELLS) as writer:
        session = writer._gradebook.db
        event.listen(session, "before_commit", interrupt)
        with pytest.raises(KeyboardInterrupt):
            writer.record(graded("ada"))
        event.remove(session, "before_commit", interrupt)
        assert course_folder.dump() == before
        writer.record(graded("ada"))
    assert len(course_folder.auto_scores()) == 3


def test_record_is_one_commit(course_folder: GradebookFolder) -> None:
    """There is no moment at which half a submission is in the gradebook."""
    commits: list[object] = []
    with GradebookWriter(course_folder.database, make_assignment(), SOLUTION_CELLS) as writer:
        event.listen(writer._gradebook.engine, "commit", commits.append)
        writer.record(graded())
    assert len(commits) == 1


def test_new_gradebook_needs_no_alembic_program(
    course_folder: GradebookFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the virtual environment is not activated, the gradebook is created all the same."""
    monkeypatch.setenv("PATH", "")
    course_folder.record(graded())
    assert course_folder.auto_scores()["compiles"] == (1.0, False)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("alembic", path=os.path.dirname(sys.executable)) is None,  # noqa: PTH120 - a PATH
    reason="alembic has no program here",
)
def test_new_gradebook_has_nbgraders_schema(
    course_folder: GradebookFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and schema version are those that nbgrader creates itself."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    course_folder.create()
    (tmp_path / "other").mkdir()
    other = GradebookFolder(tmp_path / "other")
    with other.nbgrader():
        pass
    ours, theirs = course_folder.dump(), other.dump()
    assert [line for line in ours if '"course" VALUES' not in line] == theirs


def test_empty_file_becomes_a_gradebook(course_folder: GradebookFolder) -> None:
    """An empty file, as SQLite leaves it after a crash, is filled."""
    course_folder.database.touch()
    course_folder.record(graded())
    assert len(course_folder.auto_scores()) == 3


def test_odd_characters_in_the_path_are_taken_literally(tmp_path: Path) -> None:
    """A path is a path: no character of it is read as part of a URL."""
    database = tmp_path / "Ü?mode=ro&x #1 %20.db"
    with GradebookWriter(database, make_assignment(), ()) as writer:
        writer.record(graded())
    assert [path.name for path in tmp_path.iterdir()] == [database.name]


def test_locked_gradebook_is_refused_until_it_is_free(course_folder: GradebookFolder) -> None:
    """While another program writes, the message says so; afterwards the same writer works."""
    course_folder.record(graded("bob"))
    url = f"sqlite:///{course_folder.database}?timeout=0"
    with (
        GradebookWriter(url, make_assignment(), SOLUTION_CELLS) as writer,
        closing(sqlite3.connect(course_folder.database, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match="is locked by another program") as error:
            writer.record(graded())
        assert "finished Grades are kept" in error.value.tip
        other.execute("ROLLBACK")
        writer.record(graded())
    assert len(course_folder.auto_scores()) == 3


def test_file_that_is_not_a_database_is_refused(course_folder: GradebookFolder) -> None:
    """The message names the file, and the file is left as it is."""
    text = "student,score\n" * 100
    course_folder.database.write_text(text)
    with pytest.raises(GradebookError, match=r"gradebook\.db is (no|not a) database"):
        course_folder.record(graded())
    assert course_folder.database.read_text() == text


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A gradebook in a folder that does not exist cannot be created."""
    database = tmp_path / "missing" / "gradebook.db"
    with (
        pytest.raises(GradebookError, match="cannot be opened or created") as error,
        GradebookWriter(database, make_assignment(), ()),
    ):
        pass
    assert str(database) in error.value.message


def test_read_only_gradebook_is_refused(course_folder: GradebookFolder) -> None:
    """A gradebook that may not be written is not changed."""
    course_folder.record(graded())
    before = course_folder.dump()
    url = f"sqlite:///file:{course_folder.database}?mode=ro&uri=true"
    with (
        pytest.raises(GradebookError, match="is read-only"),
        GradebookWriter(url, make_assignment(), SOLUTION_CELLS) as writer,
    ):
        writer.record(graded("bob"))
    assert course_folder.dump() == before


def test_old_schema_is_refused(course_folder: GradebookFolder) -> None:
    """A gradebook of an older nbgrader is not touched; the tip says how to upgrade it."""
    with closing(sqlite3.connect(course_folder.database)) as connection:
        connection.execute("CREATE TABLE assignment (id, name, duedate)")
        connection.execute("CREATE TABLE alembic_version (version_num)")
    before = course_folder.dump()
    with pytest.raises(GradebookError, match='"assignment" lacks course_id') as error:
        course_folder.record(graded())
    assert "nbgrader db upgrade" in error.value.tip
    assert course_folder.dump() == before


@pytest.mark.parametrize(
    ("address", "named"),
    [("nosuch://teacher:hunter2@host/grades", "host/grades"), ("://nothing", "address")],
    ids=["unknown kind", "malformed"],
)
def test_address_that_leads_nowhere_is_refused_without_its_password(
    address: str, named: str
) -> None:
    """The message names the address, and the password stays out of the log."""
    with (
        pytest.raises(GradebookError, match="cannot be used") as error,
        GradebookWriter(address, make_assignment(), ()),
    ):
        pass
    assert named in error.value.message
    assert "hunter2" not in error.value.message
