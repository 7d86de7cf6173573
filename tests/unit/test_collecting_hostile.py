"""`autograder collect` reads damaged and hostile archives without harm."""

from __future__ import annotations

import random
import stat
import zipfile

import pytest
from collect_folder import FILE, METADATA, NOON, CollectFolder, gradescope_metadata
from courses import NAME

from autograder.collecting import archive as archives
from autograder.collecting import planning
from autograder.submissions import MAX_FILE_BYTES


def test_hostile_members_are_left_and_the_others_are_collected(collecting: CollectFolder) -> None:
    """Paths that lead out, links, bombs and damage cost only their owner, and harm nothing."""
    path = collecting.zip(
        {
            f"good_1_10_{FILE}": "good",
            f"../../out_2_11_{FILE}": "out",
            f"/abs_3_12_{FILE}": "absolute",
            f"C:\\win_4_13_{FILE}": "drive",
            f"{'/' * 30_000}long_9_18_{FILE}": "slow to match",
            f"bomb_6_15_{FILE}": b"0" * (MAX_FILE_BYTES + 1),
            f"torn_7_16_{FILE}": "torn, torn, torn, torn, torn",
        }
    )
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo(f"link_5_14_{FILE}", NOON)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr(zipfile.ZipInfo(f"lz_8_17_{FILE}", NOON), "x" * 99, zipfile.ZIP_LZMA)
        torn = archive.getinfo(f"torn_7_16_{FILE}").header_offset
    data = bytearray(path.read_bytes())
    data[torn + 30 + len(f"torn_7_16_{FILE}") + 3] ^= 0xFF
    path.write_bytes(bytes(data))
    result = collecting.collect(path)
    assert result.status == 3
    assert collecting.submitted() == {"1": "good"}
    assert result.out.count("its name leads outside the archive") == 3
    for reason in (
        "it is a link or a device",
        "20 MB unpacked",
        "it is damaged",
        "compressed with method 14",
        "its name has 30,0",
    ):
        assert result.out.count(reason) == 1
    assert list(collecting.root.parent.iterdir()) == [collecting.root]


def test_damage_anywhere_ends_with_a_message(collecting: CollectFolder) -> None:
    """Whatever bytes are wrong, the command says so, or lists what it left."""
    chance = random.Random(20)  # noqa: S311 - damage, no secrets
    people = [("Ada", "12", "ada@example.org")]
    complete = collecting.zip(
        {
            METADATA: gradescope_metadata(("submission_1", people, "2026-10-03 21:42:07 UTC")),
            f"submission_1/{FILE}": "ada" * 99,
        }
    ).read_bytes()
    statuses = set()
    for _ in range(200):
        data = bytearray(complete)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (collecting.root / "submissions.zip").write_bytes(data[: chance.randint(9, 2 * len(data))])
        result = collecting.collect("submissions.zip", "--dry-run", "--assignment", NAME)
        assert result.status in (0, 2, 3), result.err
        statuses.add(result.status)
    assert statuses == {0, 2, 3}


def test_encrypted_member_is_left(collecting: CollectFolder) -> None:
    """A member with a password is listed with that reason."""
    path = collecting.zip({f"a_1_10_{FILE}": "secret"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    result = collecting.collect(path)
    assert (result.status, collecting.submitted()) == (3, {})
    assert "it is encrypted" in result.out


def test_names_without_the_utf8_flag_are_read(collecting: CollectFolder) -> None:
    """Canvas writes UTF-8 without declaring it; older programs write cp437."""
    path = collecting.zip({f"mXllerj_1_10_{FILE}": "utf-8", f"nXgel_2_11_{FILE}": "cp437"})
    data = path.read_bytes()
    for plain, coded in ((b"mXllerj", "mülle".encode()), (b"nXgel", "nägel".encode("cp437"))):
        data = data.replace(plain, coded.ljust(len(plain), b"r"))
    path.write_bytes(data)
    result = collecting.collect(path)
    assert result.status == 0, result
    assert "müller (1)" in result.out
    assert "nägel (2)" in result.out


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!DOCTYPE html><title>Log in</title>", "it is a web page"),
        (b"", "it is empty"),
        (b"%PDF-1.7", "it begins with b'%PDF-1.7'"),
        (b"PK\x03\x04 and no end", "it is cut short or damaged"),
    ],
    ids=["page", "empty", "pdf", "half"],
)
def test_file_that_is_not_a_zip_stops_the_run(
    data: bytes, reason: str, collecting: CollectFolder
) -> None:
    """One bad archive stops the run before anything is written, and the message says what it is."""
    good = collecting.zip({f"a_1_10_{FILE}": "a"})
    bad = collecting.root / "bad.zip"
    bad.write_bytes(data)
    result = collecting.collect(good, bad)
    assert result.status == 2
    message = result.err.replace(str(collecting.root), "")
    assert f"bad.zip is not a complete zip: {reason}" in message
    assert "TIP" in result.err
    assert not collecting.submissions.exists()


def test_archives_that_are_too_large_together_are_refused(
    collecting: CollectFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many members that unpack to more than a class submits stop the run."""
    monkeypatch.setattr(planning, "MAX_UNPACKED_BYTES", 10)
    path = collecting.zip({f"a_{n}_{n}_{FILE}": "12345" for n in range(9)})
    result = collecting.collect(path)
    assert result.status == 2
    assert "GB unpacked; the limit is" in result.err
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
    result = collecting.collect(path)
    assert result.status == 2
    assert "contains 9 files; the limit is 5" in result.err
    assert not collecting.submissions.exists()
