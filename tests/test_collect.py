"""`autograder collect`: archives as four learning management systems pack them, and hostile ones.

Each archive is built here, by the names that the systems' own sources and instructors' scripts
show; see autograder/collecting/formats/.
"""

from __future__ import annotations

import dataclasses
import json
import random
import stat
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path

import pytest
from conftest import NAME, copy_course
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin
from nbgrader.utils import parse_utc

from autograder.cli.app import main
from autograder.collecting import archive, planning
from autograder.collecting.formats import FORMATS, Format, gradescope
from autograder.submissions import find_submissions
from autograder.submissions.files import LARGEST_FILE, handed_in_at

NOON = (2026, 10, 3, 12, 0, 0)
LATER = (2026, 10, 10, 12, 0, 0)
FILE = f"{NAME}.ipynb"
METADATA = "assignment_7_export/submission_metadata.yml"


@dataclasses.dataclass(frozen=True)
class Told:
    """How the command ended, and what it said."""

    status: int
    out: str
    err: str


@dataclasses.dataclass(frozen=True)
class Class:
    """A course folder in which the command is typed."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def collect(self, *arguments: str | Path) -> Told:
        """Type `autograder collect`."""
        with pytest.raises(SystemExit) as ended:
            main(["collect", *map(str, arguments)])
        said = self.capture.readouterr()
        assert "Traceback" not in said.err
        assert isinstance(ended.value.code, int)
        return Told(ended.value.code, said.out, said.err)

    def zip(
        self,
        files: Mapping[str, str | bytes],
        name: str = "submissions.zip",
        packed: tuple[int, int, int, int, int, int] = NOON,
    ) -> Path:
        """Pack files, all at one time."""
        path = self.root / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for member, data in files.items():
                made.writestr(zipfile.ZipInfo(member, packed), data)
        return path

    def roster(self, text: str) -> Path:
        """Write a class list."""
        path = self.root / "roster.csv"
        path.write_text(text, "utf-8")
        return path

    def submitted(self) -> dict[str, str]:
        """What is handed in, by student."""
        found = sorted((self.root / "submitted").glob(f"*/*/{NAME}.*"))
        return {path.parts[-3]: path.read_text() for path in found}

    def snapshot(self) -> dict[Path, tuple[int, bytes]]:
        """Every collected file with its time and bytes."""
        files = [path for path in (self.root / "submitted").rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    def moment(self, student: str) -> datetime | None:
        """When a student handed in, as grading reads it."""
        return handed_in_at(self.root / "submitted" / student / NAME / "timestamp.txt")


@pytest.fixture
def course_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Class]:
    """A course of one's own, on a wide terminal in Berlin."""
    root = tmp_path / "course"
    root.mkdir()
    copy_course(root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield Class(root, capsys)
    monkeypatch.undo()
    time.tzset()


def metadata(*submissions: tuple[str, list[tuple[str, str, str]], str]) -> str:
    """Gradescope's metadata, as Ruby writes it."""
    lines = ["---"]
    for name, submitters, created in submissions:
        lines += [f"{name}:", "  :submitters:"]
        for person, sid, email in submitters:
            lines += [f"  - :name: {person}", f"    :sid: {sid}", f"    :email: {email}"]
        lines += [f"  :created_at: {created}", "  :score: 1.0", "  :results:"]
        lines += ["    :tests:", "    - :output: |", "        submission_9: [", "  :history: []"]
    return "\n".join(lines) + "\n"


def test_canvas_archive_is_collected(course_class: Class) -> None:
    """Late marks, umlauts, numbers in names and Canvas's -1 for a second upload are understood."""
    archive_ = course_class.zip(
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
    told = course_class.collect(archive_)
    assert course_class.submitted() == {
        "1815": "ada",
        "1816": "jörg, second",
        "1817": "anne",
        "1818": "john",
        "1819": "grace = 1",
        "anon_b9Xz1": "somebody",
    }
    assert told.status == 0, told
    assert "müllerjörg (1816)" in told.out
    assert "new, late" in told.out
    assert f"{NAME}-1.ipynb of the same attempt counts" in told.out


def test_moodle_archive_is_collected(course_class: Class) -> None:
    """Folders, the flat form, the old form, folders of the student's, and a wrapping folder."""
    archive_ = course_class.zip(
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
    told = course_class.collect(archive_)
    assert course_class.submitted() == {
        "11": "ada",
        "12": "jörg",
        "13": "grace",
        "14": "alan",
        "15": "kurt",
    }
    assert told.status == 0, told
    assert "Jörg Müller-Lüdenscheidt (12)" in told.out
    assert "onlinetext.html" in told.out
    assert "litter" not in told.out
    assert course_class.moment("11") is None


def test_brightspace_archive_is_collected(course_class: Class) -> None:
    """Of several attempts the newest counts, by the instructor's clock; index.html is no file."""
    archive_ = course_class.zip(
        {
            "index.html": "<html>",
            f"1815-7 - Ada Lovelace - Oct 3, 2026 1142 PM/{FILE}": "ada, second",
            f"1815-7 - Ada Lovelace - Oct 3, 2026 958 AM/{FILE}": "ada, first",
            f"1816-7 - Anna-Lena O'Neil- Sep 30, 2026 1205 AM/{FILE}": "anna",
            f"1817-7 - 23304308 Angood - 05 March 2026 612 PM/{FILE}": "angood",
            f"1818-7 - Alan Turing - Oct 4, 2026 100 PM - {FILE}": "alan",
        }
    )
    told = course_class.collect(archive_)
    assert course_class.submitted() == {
        "1815": "ada, second",
        "1816": "anna",
        "1817": "angood",
        "1818": "alan",
    }
    assert told.status == 0, told
    assert "a newer attempt counts" in told.out
    assert course_class.moment("1815") == datetime(2026, 10, 3, 21, 42, tzinfo=timezone.utc)
    assert course_class.moment("1816") == datetime(2026, 9, 29, 22, 5, tzinfo=timezone.utc)
    assert course_class.moment("1817") == datetime(2026, 3, 5, 17, 12, tzinfo=timezone.utc)


def test_gradescope_archive_is_collected(course_class: Class) -> None:
    """Each of a group gets the group's notebook; ids keep their zeros; times are read."""
    archive_ = course_class.zip(
        {
            METADATA: metadata(
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
    told = course_class.collect(archive_)
    assert told.status == 0, told
    assert course_class.submitted() == {"0012": "ada", "13": "both", "cy@example.org": "both"}
    moment = datetime(2026, 10, 3, 21, 42, 7, 123456, tzinfo=timezone.utc)
    assert course_class.moment("0012") == moment
    assert course_class.moment("13") == moment.replace(microsecond=0)


def test_nbgrader_reads_the_time_and_grading_finds_the_class(course_class: Class) -> None:
    """What was collected is what nbgrader and `autograder grade` look for."""
    archive_ = course_class.zip({f"1815-7 - Ada - Oct 3, 2026 1142 PM/{FILE}": "{}"})
    assert course_class.collect(archive_).status == 0
    (found,) = find_submissions(course_class.root / "submitted", NAME)
    assert (found.student, found.path.read_text()) == ("1815", "{}")
    text = found.path.with_name("timestamp.txt").read_text().strip()
    assert parse_utc(text) == datetime(2026, 10, 3, 21, 42)  # noqa: DTZ001 - nbgrader's are naive


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_pattern_serves_nbgraders_own_collector(form: Format) -> None:
    """The patterns can be given to `nbgrader zip_collect` as they are."""
    plugin = FileNameCollectorPlugin(named_regexp=form.named_regexp)
    found = plugin.collect(form.example)
    assert found is not None
    assert {"student_id", "file_id"} <= found.keys()
    assert found["file_id"] == "notebook.ipynb"


@pytest.mark.parametrize(
    ("members", "headings", "rows"),
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
def test_roster_gives_the_courses_ids(
    members: str, headings: str, rows: list[str], course_class: Class
) -> None:
    """Each system's own gradebook export serves as class list."""
    archive_ = course_class.zip({members: "ada"})
    roster = course_class.roster("\ufeff" + "\r\n".join([headings, *rows]) + "\r\n")
    told = course_class.collect(archive_, "--roster", roster)
    assert told.status == 0, told
    assert course_class.submitted() == {"ada": "ada"}


def test_gradescope_roster_knows_the_address(course_class: Class) -> None:
    """A student without sid is found by e-mail address; --id-column names another column."""
    people = [("Ada", "", "Ada@example.org")]
    archive_ = course_class.zip(
        {
            METADATA: metadata(("submission_1", people, "2026-10-03 21:42:07 UTC")),
            f"submission_1/{FILE}": "ada",
        }
    )
    roster = course_class.roster("Name,SID,Email,Login\nAda L.,12,ada@example.org,ada\n")
    told = course_class.collect(archive_, "--roster", roster, "--id-column", "login")
    assert told.status == 0, told
    assert course_class.submitted() == {"ada": "ada"}


def test_who_cannot_be_told_apart_is_left(course_class: Class) -> None:
    """Two students are never merged: not by name, not by a shared id, not by case."""
    archive_ = course_class.zip(
        {
            f"Ann Lee_11_assignsubmission_file/{FILE}": "one Ann",
            f"Ann Lee_12_assignsubmission_file/{FILE}": "other Ann",
            f"Bo Ek_13_assignsubmission_file/{FILE}": "bo",
            f"Cy Orr_14_assignsubmission_file/{FILE}": "cy",
            f"Di Fox_15_assignsubmission_file/{FILE}": "nobody knows Di",
            f"Ed Roy_16_assignsubmission_file/{FILE}": "one of two",
        }
    )
    roster = course_class.roster(
        "Full name,Username\nAnn Lee,ann\nBo Ek,bo\nCy Orr,CY\nEd Roy,ed1\nRoy Ed,ed2\n"
    )
    (course_class.root / "submitted" / "cy").mkdir(parents=True)
    told = course_class.collect(archive_, "--roster", roster)
    assert told.status == 3
    assert course_class.submitted() == {"bo": "bo"}
    assert "Ann Lee (11) and Ann Lee (12) would both be 'ann'" in told.out
    assert "'CY' and 'cy' differ only in how they are written" in told.out
    assert "the roster does not have this student" in told.out
    assert "the roster has 2 students who may be this one" in told.out
    assert "5 files were left" in told.err


def test_number_shared_by_two_names_is_left(course_class: Class) -> None:
    """Where Brightspace's first number is no student's own, nobody is merged by it."""
    archive_ = course_class.zip(
        {
            f"397063-2557369 - Mary-Ann Smith - Sep 24, 2026 926 PM/{FILE}": "mary",
            f"397063-2557369 - John Doe - Sep 24, 2026 926 PM/{FILE}": "john",
        }
    )
    told = course_class.collect(archive_)
    assert (told.status, course_class.submitted()) == (3, {})
    assert "John Doe (397063) and Mary-Ann Smith (397063) would both be" in told.out


def test_student_cannot_pass_for_another(course_class: Class) -> None:
    """Names behind the system's own are the student's words."""
    archive_ = course_class.zip(
        {
            f"Eve_66_assignsubmission_file/Ada_11_assignsubmission_file/{FILE}": "eve",
            f"Mal_67_assignsubmission_file_Ada_11_assignsubmission_file_{FILE}": "mal",
        }
    )
    course_class.collect(archive_, "--assignment", NAME)
    assert course_class.submitted() == {"66": "eve", "67": "mal"}


def test_files_that_are_no_notebook_are_left_with_the_reason(course_class: Class) -> None:
    """Who handed in nothing that can be graded is named; nothing is dropped without a word."""
    archive_ = course_class.zip(
        {
            f"a_1_10_{FILE}": "a",
            "a_1_11_notes.pdf": "beside it",
            "b_2_12_work.zip": "packed",
            "c_3_text.html": "typed in",
            "d_4_13_one.ipynb": "first",
            "d_4_14_two.ipynb": "second",
            "e_5_15_02-house-prices.ipynb": "another",
            "f_6_16_Untitled.ipynb": "alone",
            "readme.txt": "whose?",
        }
    )
    told = course_class.collect(archive_, "--assignment", NAME)
    assert told.status == 3
    assert course_class.submitted() == {"1": "a", "6": "alone"}
    not_needed, left = told.out.split("Left in the archive:")
    assert "a_1_11_notes.pdf, a (1)" in not_needed
    for said in (
        "b_2_12_work.zip, b (2): it is no notebook and no Python file; a zip in the zip",
        "c_3_text.html, c (3): it is no notebook",
        "d_4_13_one.ipynb and d_4_14_two.ipynb came together, and nothing tells which one counts",
        "e_5_15_02-house-prices.ipynb, e (5): its name tells of 02-house-prices",
        "readme.txt: its name does not tell whose it is",
    ):
        assert said in left
    assert (course_class.root / "submissions.zip").is_file()


def test_newest_attempt_without_a_notebook_is_left(course_class: Class) -> None:
    """An older notebook does not stand in for what a student handed in last; a person decides."""
    archive_ = course_class.zip(
        {
            f"1815-7 - Ada - Oct 3, 2026 1142 AM/{FILE}": "ada",
            "1815-7 - Ada - Oct 4, 2026 1142 AM/sorry.docx": "my last word",
        }
    )
    told = course_class.collect(archive_)
    assert (told.status, course_class.submitted()) == (3, {})
    assert "the newest attempt holds no notebook" in told.out
    assert "sorry.docx" in told.out


def test_rerun_changes_nothing(course_class: Class) -> None:
    """The same archive twice writes no byte twice."""
    archive_ = course_class.zip({f"1815-7 - Ada - Oct 3, 2026 1142 PM/{FILE}": "ada"})
    course_class.collect(archive_)
    before = course_class.snapshot()
    told = course_class.collect(archive_)
    assert (told.status, course_class.snapshot()) == (0, before)
    assert "1 as before" in told.out


def test_only_a_newer_submission_replaces(course_class: Class) -> None:
    """Newer archives replace, older ones do not; a notebook may become a Python file."""
    first = course_class.zip({f"a_1_10_{FILE}": "first"}, "first.zip")
    second = course_class.zip({f"a_1_20_{NAME}.py": "second"}, "second.zip")
    course_class.collect(first)
    told = course_class.collect(second)
    assert "newer, replaced" in told.out
    assert course_class.submitted() == {"1": "second"}
    before = course_class.snapshot()
    told = course_class.collect(first)
    assert told.status == 0
    assert "older than what is there, kept" in told.out
    assert course_class.snapshot() == before
    assert course_class.collect(first, second).status == 0
    assert course_class.snapshot() == before


def test_newer_moodle_download_replaces(course_class: Class) -> None:
    """Moodle tells no times, so the archive that was packed later counts, if it differs."""
    member = f"Ada_11_assignsubmission_file/{FILE}"
    course_class.collect(course_class.zip({member: "first"}, "1.zip", NOON))
    again = course_class.collect(course_class.zip({member: "first"}, "2.zip", LATER))
    assert "1 as before" in again.out
    changed = course_class.zip({member: "second"}, "3.zip", (2026, 10, 11, 12, 0, 0))
    assert "1 newer, replaced" in course_class.collect(changed).out
    assert course_class.submitted() == {"11": "second"}


def test_what_a_person_put_or_changed_there_is_kept(course_class: Class) -> None:
    """Nothing is overwritten that this command did not write itself."""
    place = course_class.root / "submitted" / "1" / NAME / FILE
    place.parent.mkdir(parents=True)
    place.write_text("by hand")
    archive_ = course_class.zip({f"a_1_10_{FILE}": "a", f"b_2_11_{FILE}": "b"})
    told = course_class.collect(archive_)
    assert told.status == 3
    assert "was not collected by this command" in told.out
    mended = course_class.root / "submitted" / "2" / NAME / FILE
    mended.write_text("mended")
    newer = course_class.zip({f"b_2_12_{FILE}": "b, again"}, "newer.zip")
    assert "was changed after it was collected" in course_class.collect(newer).out
    other = course_class.zip({f"Bo_2_assignsubmission_file/{FILE}": "moodle's"}, "other.zip")
    assert "was collected from canvas, student 2" in course_class.collect(other).out
    assert course_class.submitted() == {"1": "by hand", "2": "mended"}


def test_killed_run_is_completed_by_the_next(course_class: Class) -> None:
    """A notebook without its record is taken for what it is."""
    archive_ = course_class.zip({f"1815-7 - Ada - Oct 3, 2026 1142 PM/{FILE}": "ada"})
    course_class.collect(archive_)
    folder = course_class.root / "submitted" / "1815" / NAME
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / ".collected.json").unlink()
    (folder / "timestamp.txt").unlink()
    (folder / f".{FILE}.999999999.partial").write_text("half")
    assert course_class.collect(archive_).status == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole


def test_dry_run_tells_all_and_writes_nothing(course_class: Class) -> None:
    """--dry-run shows the same table and leaves no trace."""
    archive_ = course_class.zip({f"lovelaceada_1_10_{FILE}": "a", "b_2_11_x.pdf": "b"})
    told = course_class.collect(archive_, "--dry-run")
    assert told.status == 3
    assert "lovelaceada (1)" in told.out
    assert "b_2_11_x.pdf" in told.out
    assert "nothing was written" in told.out
    assert not (course_class.root / "submitted").exists()


def test_hostile_members_are_left_and_the_class_goes_on(course_class: Class) -> None:
    """Paths that lead out, links, bombs and damage cost their owner alone, and harm nothing."""
    path = course_class.zip(
        {
            f"good_1_10_{FILE}": "good",
            f"../../out_2_11_{FILE}": "out",
            f"/abs_3_12_{FILE}": "absolute",
            f"C:\\win_4_13_{FILE}": "drive",
            f"{'/' * 30_000}long_9_18_{FILE}": "slow to match",
            f"bomb_6_15_{FILE}": b"0" * (LARGEST_FILE + 1),
            f"torn_7_16_{FILE}": "torn, torn, torn, torn, torn",
        }
    )
    with zipfile.ZipFile(path, "a") as made:
        link = zipfile.ZipInfo(f"link_5_14_{FILE}", NOON)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr(zipfile.ZipInfo(f"lz_8_17_{FILE}", NOON), "x" * 99, zipfile.ZIP_LZMA)
        torn = made.getinfo(f"torn_7_16_{FILE}").header_offset
    data = bytearray(path.read_bytes())
    data[torn + 30 + len(f"torn_7_16_{FILE}") + 3] ^= 0xFF
    path.write_bytes(bytes(data))
    told = course_class.collect(path)
    assert told.status == 3
    assert course_class.submitted() == {"1": "good"}
    assert told.out.count("its name leads out of the archive") == 3
    for said in (
        "link or a device",
        "20 MB unpacked",
        "it is damaged",
        "packed by method 14",
        "30,0",
    ):
        assert said in told.out
    assert list(course_class.root.parent.iterdir()) == [course_class.root]


def test_damage_anywhere_ends_in_words(course_class: Class) -> None:
    """Whatever bytes are wrong, the command says so or lists what it left."""
    chance = random.Random(20)  # noqa: S311 - damage, no secrets
    people = [("Ada", "12", "ada@example.org")]
    whole = course_class.zip(
        {
            METADATA: metadata(("submission_1", people, "2026-10-03 21:42:07 UTC")),
            f"submission_1/{FILE}": "ada" * 99,
        }
    ).read_bytes()
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (course_class.root / "submissions.zip").write_bytes(
            data[: chance.randint(9, 2 * len(data))]
        )
        told = course_class.collect("submissions.zip", "--dry-run", "--assignment", NAME)
        assert told.status in (0, 2, 3)
        assert "Something went wrong" not in told.err


def test_encrypted_members_are_left(course_class: Class) -> None:
    """A password that nobody was told is no traceback."""
    path = course_class.zip({f"a_1_10_{FILE}": "secret"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    told = course_class.collect(path)
    assert (told.status, course_class.submitted()) == (3, {})
    assert "it is encrypted" in told.out


def test_names_without_the_utf8_flag_are_read(course_class: Class) -> None:
    """Canvas writes UTF-8 and does not say so; older tools write cp437."""
    path = course_class.zip({f"mXllerj_1_10_{FILE}": "utf-8", f"nXgel_2_11_{FILE}": "cp437"})
    data = path.read_bytes()
    for plain, coded in ((b"mXllerj", "mülle".encode()), (b"nXgel", "nägel".encode("cp437"))):
        data = data.replace(plain, coded.ljust(len(plain), b"r"))
    path.write_bytes(data)
    told = course_class.collect(path)
    assert told.status == 0, told
    assert "müller (1)" in told.out
    assert "nägel (2)" in told.out


@pytest.mark.parametrize("student", ["=1+1", "../../etc", "", "a\u202eb", ".hidden", "x" * 300])
def test_id_that_acts_is_left(student: str, course_class: Class) -> None:
    """What grading refuses as an id, or what leads to other folders, becomes no folder."""
    archive_ = course_class.zip({f"lovelaceada_1815_70412_{FILE}": "ada"})
    roster = course_class.roster(f'Student,ID,Login\n"Lovelace, Ada",1815,{student}\n')
    told = course_class.collect(archive_, "--roster", roster, "--id-column", "Login")
    assert told.status == 3
    assert course_class.submitted() == {}
    assert "\u202e" not in told.out + told.err


def test_linked_folder_is_not_followed(course_class: Class) -> None:
    """A student's folder that is a link to elsewhere is left alone."""
    elsewhere = course_class.root / "elsewhere"
    elsewhere.mkdir()
    (course_class.root / "submitted").mkdir()
    (course_class.root / "submitted" / "1").symlink_to(elsewhere)
    told = course_class.collect(course_class.zip({f"a_1_10_{FILE}": "a"}))
    assert told.status == 3
    assert "is not a plain folder" in told.out
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!DOCTYPE html><title>Log in</title>", "it is a web page, as when a login has run out"),
        (b"", "it is empty"),
        (b"%PDF-1.7", "it begins with b'%PDF-1.7'"),
        (b"PK\x03\x04 and no end", "it is cut short or damaged"),
    ],
    ids=["page", "empty", "pdf", "half"],
)
def test_file_that_is_no_zip_is_named(data: bytes, said: str, course_class: Class) -> None:
    """One bad archive stops the run before anything is written, and says what it is."""
    good = course_class.zip({f"a_1_10_{FILE}": "a"})
    bad = course_class.root / "bad.zip"
    bad.write_bytes(data)
    told = course_class.collect(good, bad)
    assert told.status == 2
    assert f"bad.zip is not a whole zip: {said}" in told.err.replace(str(course_class.root), "")
    assert "TIP" in told.err
    assert not (course_class.root / "submitted").exists()


def test_archive_that_fits_no_system_is_refused(course_class: Class) -> None:
    """The message shows what was found, and what each system's names look like."""
    told = course_class.collect(course_class.zip({"holiday.jpg": "x"}))
    assert told.status == 2
    assert "holiday.jpg" in told.err
    assert all(form.example in told.err for form in FORMATS.values())


def test_bad_usage_is_told(course_class: Class) -> None:
    """What cannot be told from names is asked for; slips of the keyboard are named."""
    unnamed = course_class.zip({"a_1_10_Untitled.ipynb": "a"}, "unnamed.zip")
    both = course_class.zip({f"a_1_10_{FILE}": "", "b_2_11_02-house-prices.ipynb": ""}, "both.zip")
    roster = course_class.roster("Name,Mark\nAda,1\n")
    for arguments, said in (
        ([unnamed], "--assignment"),
        ([both], f"{NAME} and 02-house-prices"),
        ([unnamed, "--assignment", "01-frist-training"], "did you mean"),
        ([course_class.root], "is a folder"),
        ([course_class.root / "missing.zip"], "No such file"),
        ([both, "--from", "blackboard"], "blackboard"),
        ([both, "--from", "moodle"], "does not look like"),
        ([unnamed, "--assignment", NAME, "--roster", roster], "no column of student ids"),
        ([unnamed, "--assignment", NAME, "--submitted", roster], "Not a directory"),
        ([unnamed, "--assignment", NAME, "--roster", "no.csv"], "no.csv cannot be read"),
    ):
        told = course_class.collect(*arguments)
        assert told.status == 2
        assert said in told.err
    assert not (course_class.root / "submitted").exists()


def test_assignments_are_told_by_each_archive(course_class: Class) -> None:
    """Several archives of several assignments are collected at a time."""
    one = course_class.zip({f"a_1_10_{FILE}": "a"}, "one.zip")
    two = course_class.zip({"a_1_11_02-house-prices.ipynb": "b"}, "two.zip")
    assert course_class.collect(one, two).status == 0
    assert [p.name for p in (course_class.root / "submitted" / "1").iterdir()] != []
    assert (course_class.root / "submitted/1/02-house-prices/02-house-prices.ipynb").is_file()


def test_too_much_at_a_time_is_refused(
    course_class: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many members that unpack to more than a class hands in are refused together."""
    monkeypatch.setattr(planning, "MOST_UNPACKED", 10)
    told = course_class.collect(course_class.zip({f"a_{n}_{n}_{FILE}": "12345" for n in range(9)}))
    assert told.status == 2
    assert "at most" in told.err
    monkeypatch.setattr(archive, "MOST_MEMBERS", 5)
    told = course_class.collect(course_class.root / "submissions.zip")
    assert "holds 9 files; at most 5 are read" in told.err


@pytest.mark.parametrize(
    "text",
    ["{", "submission_1: 5", "a: &a [*a]", "submission_1:\n  :submitters: {:name: x}\n", "\xff"],
)
def test_damaged_metadata_is_named(text: str, course_class: Class) -> None:
    """Gradescope's metadata is held against a schema; what does not follow it is refused."""
    data = text.encode("latin-1")
    told = course_class.collect(course_class.zip({METADATA: data, f"submission_1/{FILE}": "a"}))
    assert told.status == 2
    assert "submission_metadata.yml in" in told.err


def test_export_without_metadata_is_refused(course_class: Class) -> None:
    """Without it nobody knows whose a submission is."""
    told = course_class.collect(course_class.zip({f"submission_1/{FILE}": "a"}))
    assert told.status == 2
    assert f"has no {gradescope.METADATA}" in told.err


def test_submission_that_metadata_lack_is_left(course_class: Class) -> None:
    """A folder that the metadata do not know is nobody's, and is listed."""
    people = [("Ada", "12", "ada@example.org")]
    told = course_class.collect(
        course_class.zip(
            {
                METADATA: metadata(("submission_1", people, "no time")),
                f"submission_1/{FILE}": "ada",
                f"submission_2/{FILE}": "whose?",
            }
        )
    )
    assert (told.status, course_class.submitted()) == (3, {"12": "ada"})
    assert f"submission_2/{FILE}: its name does not tell whose it is" in told.out


def test_record_tells_where_a_submission_came_from(course_class: Class) -> None:
    """`.collected.json` names archive and member, and no place on this computer."""
    course_class.collect(course_class.zip({f"a_LATE_1_10_{FILE}": "a"}))
    text = (course_class.root / "submitted" / "1" / NAME / ".collected.json").read_text()
    record = json.loads(text)
    assert record["archive"] == "submissions.zip"
    assert record["member"] == f"a_LATE_1_10_{FILE}"
    assert record["late"] is True
    assert str(course_class.root) not in text
