"""`autograder archive` and `autograder restore`: a term in one file, and back."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sqlite3
import stat
import tarfile
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from commands import hand_in, run_here
from courses import NAME, copy_course
from grades import make_rubric_grade
from nbgrader import api

from autograder.cli.console import BAD_USAGE, INCOMPLETE, SUCCESS
from autograder.course import Course, load_course
from autograder.errors import ArchiveError
from autograder.grading import GradeStore
from autograder.outputs.gradebook import GradebookWriter, find_gradebook, read_students
from autograder.records import archive, restore
from autograder.results import Outcome

WRITTEN = datetime(2027, 2, 1, tzinfo=timezone.utc)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A graded course: a mark changed by hand, and a grader error."""
    course = copy_course(tmp_path / "course")
    rubric = course.assignment(NAME)
    store = GradeStore(course.root / "grades" / NAME)
    first = next(iter(rubric.checks))
    with GradebookWriter(course.root / "gradebook.db", rubric, ("build",)) as writer:
        for student, outcome in (("ada", Outcome.FAILED), ("eve", Outcome.GRADER_ERROR)):
            grade = make_rubric_grade(rubric.checks, {first: outcome}, student=student)
            store.write(grade)
            writer.record(grade)
            hand_in(course.root, student, b'{"cells": []}')
    with api.Gradebook(f"sqlite:///{course.root}/gradebook.db", "") as gradebook:
        gradebook.find_grade(first, NAME, NAME, "ada").manual_score = 0.5
        gradebook.db.commit()
    monkeypatch.chdir(course.root)
    return course


def members(path: Path) -> list[tarfile.TarInfo]:
    """What is in an archive."""
    with tarfile.open(path) as tar:
        return tar.getmembers()


def test_restored_course_has_the_same_marks(
    course: Course, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Every file is back, exports are the same, and the gradebook opens with nbgrader's API."""
    run_here(capsys, "export", "csv", "--out", str(tmp_path / "before.csv"))
    done = run_here(capsys, "archive", "--out", str(tmp_path / "term.tar.gz"))
    assert done.returncode == SUCCESS, done.stderr
    assert "course.key" in done.stdout
    assert stat.S_IMODE((tmp_path / "term.tar.gz").stat().st_mode) == 0o600
    copy = tmp_path / "copy"
    done = run_here(capsys, "restore", str(tmp_path / "term.tar.gz"), str(copy))
    assert (done.returncode, done.stderr) == (SUCCESS, "")
    for path in (p for p in course.root.rglob("*") if p.is_file() and p.name != "gradebook.db"):
        assert (copy / path.relative_to(course.root)).read_bytes() == path.read_bytes()
    assert stat.S_IMODE((copy / "course.key").stat().st_mode) == 0o600
    os.chdir(copy)  # noqa: TID251 - the fixture goes back
    run_here(capsys, "export", "csv", "--out", str(tmp_path / "after.csv"))
    assert (tmp_path / "after.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()
    assert b"eve,01-first-training,grader_error,," in (tmp_path / "after.csv").read_bytes()
    with api.Gradebook(f"sqlite:///{copy / 'gradebook.db'}", "") as gradebook:
        assert [student.id for student in gradebook.students] == ["ada", "eve"]
        assert gradebook.find_submission(NAME, "ada").score > 0


def test_gradebook_is_archived_while_somebody_writes(course: Course, tmp_path: Path) -> None:
    """What is not committed yet is not in the copy, and what is committed is whole."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as connection:
        connection.execute("INSERT INTO student (id) VALUES ('late')")
        done = archive(course, tmp_path / "term.tar.gz")
        connection.commit()
    restore(done.path, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / "gradebook.db")) as copy:
        assert copy.execute("SELECT id FROM student ORDER BY id").fetchall() == [("ada",), ("eve",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_restored_course_never_writes_to_the_old_gradebook(course: Course, tmp_path: Path) -> None:
    """A gradebook that the settings name is copied, and the settings name the copy."""
    old = (course.root / "gradebook.db").rename(tmp_path / "elsewhere.db")
    settings = course.root / "nbgrader_config.py"
    settings.write_text(f"{settings.read_text()}\nc.CourseDirectory.db_url = 'sqlite:///{old}'\n")
    file = course.root / "course.yml"
    file.write_text(f"gradebook: {old}\n{file.read_text()}")
    assert find_gradebook(load_course(course.root)).database == old
    restore(archive(load_course(course.root), tmp_path / "term.tar.gz").path, tmp_path / "copy")
    location = find_gradebook(load_course(tmp_path / "copy"))
    assert location.database == tmp_path / "copy" / "gradebook.db"
    assert set(read_students(location.database)) == {"ada", "eve"}


def test_order_is_fixed_and_caches_are_left_out(course: Course, tmp_path: Path) -> None:
    """Two archives of the same course list the same files in the same order."""
    cache = course.root / "solutions" / NAME / "__pycache__"
    cache.mkdir()
    (cache / "x.pyc").write_bytes(b"")
    first = [m.name for m in members(archive(course, tmp_path / "1.tar.gz").path)]
    assert first == [m.name for m in members(archive(course, tmp_path / "2.tar.gz").path)]
    assert first[:-1] == sorted(first[:-1])
    assert first[-1] == "MANIFEST.json"
    assert not [name for name in first if "__pycache__" in name]


def test_link_of_a_student_is_not_followed(
    course: Course, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A link and a pipe are left out, and told; what a link leads to is not in the archive."""
    (tmp_path / "secret").write_text("nobody else's")
    place = course.root / "submitted" / "ada"
    (place / "link").symlink_to(tmp_path / "secret")
    (place / "folder").symlink_to(tmp_path)
    os.mkfifo(place / "pipe")
    done = run_here(capsys, "archive", "--out", str(tmp_path / "term.tar.gz"))
    assert done.returncode == INCOMPLETE
    assert [line.split()[2] for line in done.stderr.splitlines()] == [
        "submitted/ada/folder",
        "submitted/ada/link",
        "submitted/ada/pipe",
    ]
    names = {member.name for member in members(tmp_path / "term.tar.gz")}
    assert not {name for name in names if "link" in name or "pipe" in name or "folder/" in name}


def test_existing_file_and_folder_stay(
    course: Course, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Neither an archive nor a folder with something in it is overwritten."""
    path = archive(course, tmp_path / "term.tar.gz").path
    before = path.read_bytes()
    assert run_here(capsys, "archive", "--out", str(path)).returncode == BAD_USAGE
    assert path.read_bytes() == before
    files = sorted(course.root.rglob("*"))
    done = run_here(capsys, "restore", str(path), str(course.root))
    assert (done.returncode, sorted(course.root.rglob("*"))) == (BAD_USAGE, files)
    assert "is not an empty folder" in done.stderr


def forge(path: Path, files: Iterable[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """Write an archive by hand, with a manifest that fits it."""
    entries = list(files)
    listed = {
        member.name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for member, data in entries
    }
    manifest: dict[str, Any] = {"format": 1, "title": "T", "made_at": WRITTEN.isoformat()}
    manifest |= {"gradebook_configured": False, "versions": {}, "files": listed}
    own = tarfile.TarInfo("MANIFEST.json")
    with tarfile.open(path, "w:gz") as tar:
        for member, data in [*entries, (own, json.dumps(manifest).encode())]:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def member_of(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """A member with a harmful name or type."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "member",
    [
        member_of("/tmp/absolute"),  # noqa: S108 - it must not be written
        member_of("../outside"),
        member_of("grades/../../outside"),
        member_of("./course.yml"),
        member_of("link", tarfile.SYMTYPE, "/etc/passwd"),
        member_of("hard", tarfile.LNKTYPE, "course.yml"),
        member_of("device", tarfile.CHRTYPE),
        member_of("pipe", tarfile.FIFOTYPE),
        member_of("folder", tarfile.DIRTYPE),
    ],
    ids=lambda member: member.name,
)
def test_member_that_leads_elsewhere_is_refused(member: tarfile.TarInfo, tmp_path: Path) -> None:
    """Nothing is unpacked, also not what stands before it."""
    path = forge(tmp_path / "forged.tar.gz", [(member_of("course.yml"), b"x"), (member, b"")])
    with pytest.raises(ArchiveError, match="nothing was unpacked"):
        restore(path, tmp_path / "into" / "copy")
    assert [p.name for p in tmp_path.iterdir()] == ["forged.tar.gz"]


def test_harmless_archive_made_by_hand_is_restored(tmp_path: Path) -> None:
    """The test above refuses by the member, not because the archive was made by hand."""
    path = forge(tmp_path / "forged.tar.gz", [(member_of("course.yml"), b"x")])
    restore(path, tmp_path / "copy")
    assert (tmp_path / "copy" / "course.yml").read_bytes() == b"x"


def test_damaged_archive_leaves_nothing(course: Course, tmp_path: Path) -> None:
    """A file that differs, one that is gone, and one that is cut off are noticed."""
    path = archive(course, tmp_path / "term.tar.gz").path
    data = gzip.decompress(path.read_bytes())
    changed = data.replace(b'{"cells": []}', b'{"cells": {}}', 1)
    assert changed != data
    renamed = data.replace(b"submitted/eve/", b"submitted/Eve/", 1)
    for number, damaged in enumerate((gzip.compress(changed), path.read_bytes()[:-2000])):
        broken = tmp_path / f"{number}.tar.gz"
        broken.write_bytes(damaged)
        with pytest.raises(ArchiveError, match=r"is damaged|cannot be read|not an archive"):
            restore(broken, tmp_path / "copy")
    (tmp_path / "renamed.tar.gz").write_bytes(gzip.compress(renamed))
    with pytest.raises(ArchiveError):
        restore(tmp_path / "renamed.tar.gz", tmp_path / "copy")
    assert not [p.name for p in tmp_path.iterdir() if "copy" in p.name]
