"""Files that a confined process sees, reads and writes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from confined import inside, outside

from autograder.sandbox.kernel import namespaces

pytestmark = pytest.mark.sandbox


def test_file_that_is_not_visible_does_not_exist(tmp_path: Path) -> None:
    """A file outside the visible paths is not there at all; without a sandbox it is read."""
    secret = tmp_path / "key.txt"
    secret.write_text("course key", encoding="utf-8")
    code = f"answer = attempt(lambda: open({str(secret)!r}).read())"
    assert inside(code) == "ENOENT"
    assert outside(code) == "course key"


def test_file_without_a_landlock_rule_is_refused() -> None:
    """A file of the private root is still refused if Landlock has no rule for it."""
    code = "answer = attempt(lambda: open(json.__file__).close() or 'open')"
    before = """
restrict = landlock.restrict
landlock.restrict = lambda readable, writable: restrict((), writable)
"""
    assert inside(code, before=before) == "EACCES"
    assert inside(code) == "open"


def test_visible_file_is_read_and_not_changed(tmp_path: Path) -> None:
    """A visible path is read where it is and not written, though its mode allows it."""
    shown = tmp_path / "shown"
    shown.mkdir()
    (shown / "data.txt").write_text("1 2 3", encoding="utf-8")
    shown.chmod(0o777)
    (shown / "data.txt").chmod(0o666)
    code = f"""
path = {str(shown / "data.txt")!r}
answer = [open(path).read(), attempt(lambda: open(path, "a").close()),
    attempt(os.mkdir, path + ".d")]
"""
    visible = (str(shown),)
    assert inside(code, visible=visible) == ["1 2 3", "EROFS", "EROFS"]
    writable = ("syscalls.set_tree_flags",)
    assert inside(code, visible=visible, without=writable) == ["1 2 3", None, None]


def test_folder_above_a_visible_one_shows_nothing_else(tmp_path: Path) -> None:
    """Of a folder on the way to a visible one, only that one is seen."""
    for name in ("shown", "hidden"):
        (tmp_path / name).mkdir()
    code = f"answer = sorted(os.listdir({str(tmp_path)!r}))"
    visible = (str(tmp_path / "shown"),)
    assert inside(code, visible=visible, without=("landlock.restrict",)) == ["shown"]
    assert outside(code) == ["hidden", "shown"]


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])  # noqa: S108 - the sandbox's own
def test_scratch_folder_is_private_and_bounded(folder: str) -> None:
    """A private folder shows no other's file, takes files up to its size, and runs nothing."""
    code = f"""
few = open({folder!r} + "/few", "wb").write(bytes(2**19))
many = attempt(lambda: open({folder!r} + "/many", "wb", buffering=0).write(bytes(2**19)))
more = attempt(lambda: open({folder!r} + "/more", "wb", buffering=0).write(bytes(2**19)))
noexec = os.statvfs({folder!r}).f_flag & os.ST_NOEXEC
answer = [few, many, more, bool(noexec)]
"""
    assert inside(code) == [2**19, 2**19, "ENOSPC", True]
    with tempfile.NamedTemporaryFile(dir=folder) as others:
        exists = f"answer = os.path.exists({others.name!r})"
        assert inside(exists) is False
        assert outside(exists) is True


def test_file_larger_than_the_limit_is_refused() -> None:
    """A single file stops at `file_mb`, though /tmp has space for more."""
    code = """
with open("large", "wb", buffering=0) as file:
    file.seek(4 * 2**20)
    answer = attempt(file.write, b"x")
"""
    assert inside(code, scratch_bytes=2**24) == "EFBIG"
    assert inside(code, scratch_bytes=2**24, without=("limits.apply",)) == 1


def test_folder_outside_the_scratch_folders_is_not_made() -> None:
    """Nothing can be made beside the private folders."""
    code = 'answer = [attempt(os.mkdir, path) for path in ("/new", "/etc/new", "/dev/new")]'
    assert inside(code) == ["EROFS"] * 3


def test_devices_and_imports_inside_work() -> None:
    """The harmless devices, the clock's zone, users and modules not yet imported are at hand."""
    code = """
import colorsys, getpass, sqlite3, _pytest.skipping
os.environ.pop("USER", None), os.environ.pop("LOGNAME", None)
zeros = open("/dev/zero", "rb").read(3) + open("/dev/null", "rb").read()
open("/dev/null", "w").write("nothing")
answer = [zeros.hex(), len(os.urandom(3)), getpass.getuser(), os.getcwd(), os.getuid()]
"""
    expected = ["000000", 3, "student", "/tmp", namespaces.INSIDE_ID]  # noqa: S108 - as above
    assert inside(code) == expected
