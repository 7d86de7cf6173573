"""A class with attackers in it: each gets its verdict, and the honest students notice nothing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import CORPUS, NAME, ROOT, copy_course
from hostile_class import (
    EXPECTED,
    HONEST,
    HOSTILE,
    SECRET,
    WALL_SECONDS,
    hand_in_honest,
    hand_in_hostile,
    messages,
)
from nbconvert import HTMLExporter
from processes import children_of, running

from autograder.cli.console import INCOMPLETE
from autograder.course import KeyedSeeds, course_key, load_course
from autograder.exercises import GradingData, load_exercise
from autograder.feedback import render_report, templating
from autograder.results import Grade
from autograder.submissions import Submission, display

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

THREATS = range(1, 58)
ELSEWHERE = {
    30: "unit/test_submissions",
    38: "unit/test_submissions",
    44: "hostile/test_heavy_models",
    52: "hostile/test_traps",
}
"""Threats that are names of folders, or need another assignment: the tests that have them."""
REFUSED = (".eve.99999999.partial", "Twin", "twin")
"""Folders that are no student's: hidden, or too much like another one."""
MOST_BYTES = 1_000_000
"""The longest Grade."""

JsonGrade = dict[str, Any]


def test_corpus_has_a_submission_for_every_threat() -> None:
    """Each row of the table of threats has a hostile submission, and each of those its verdict."""
    notebooks = {path.stem for path in HOSTILE.iterdir() if path.name != "expected.yml"}
    assert notebooks == {row for row, expected in EXPECTED.items() if "made" not in expected}
    assert len(EXPECTED) >= 60
    assert {int(row[:2]) for row in EXPECTED} | ELSEWHERE.keys() == set(THREATS)
    assert all(expected["control"] for expected in EXPECTED.values())
    assert all((ROOT / "tests" / f"{name}.py").is_file() for name in ELSEWHERE.values())


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a short time limit, and with honest students."""
    root = tmp_path_factory.mktemp("hostile")
    copy_course(root)
    text = (root / "course.yml").read_text()
    (root / "course.yml").write_text(
        text.replace("wall_seconds: 120", f"wall_seconds: {WALL_SECONDS}")
    )
    hand_in_honest(root)
    return root


def grade_folder(root: Path, *options: str, ends_with: int = 0) -> dict[str, JsonGrade]:
    """Grade a folder from the command line, with a secret in the environment."""
    printed = root / "printed.txt"
    with printed.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "autograder", "grade", NAME, "--json", "grades.json", *options],
            cwd=root,
            env={**os.environ, "LMS_TOKEN": SECRET},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        peak, owners = "", {process.pid}
        while process.poll() is None:
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = next((n for n in re.findall(r"VmHWM:\s+(\d+) kB", status)), peak)
                owners.update(children_of(process.pid))
            time.sleep(0.1)
    assert process.returncode == ends_with, printed.read_text()
    (root / f"peak{len(options)}.txt").write_text(peak)
    (root / f"owners{len(options)}.txt").write_text(" ".join(map(str, owners)))
    return {grade["student"]: grade for grade in json.loads((root / "grades.json").read_text())}


@pytest.fixture(scope="module")
def alone(class_folder: Path) -> dict[str, JsonGrade]:
    """The honest students' Grades when nobody else hands in."""
    return grade_folder(class_folder)


@pytest.fixture(scope="module")
def batch(class_folder: Path, alone: dict[str, JsonGrade]) -> dict[str, JsonGrade]:
    """The Grades of everybody, graded again with the attackers between the honest students."""
    assert alone.keys() == HONEST.keys()
    hand_in_hostile(class_folder)
    for name in REFUSED:
        place = class_folder / "submitted" / name / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_bytes((CORPUS / f"{HONEST['ada']}.ipynb").read_bytes())
    (class_folder / "held-out.csv").write_text("label\n1\n")
    return grade_folder(class_folder, "--force", ends_with=INCOMPLETE)


def without_time(grade: JsonGrade) -> str:
    """A Grade's bytes, its time aside."""
    return json.dumps({**grade, "seconds": 0})


@pytest.mark.parametrize("student", HONEST)
def test_honest_neighbor_of_attackers_is_graded_as_if_alone(
    student: str, alone: dict[str, JsonGrade], batch: dict[str, JsonGrade]
) -> None:
    """Among attackers an honest Grade is the same, byte for byte."""
    assert without_time(batch[student]) == without_time(alone[student])


@pytest.mark.parametrize("row", EXPECTED)
def test_hostile_submission_gets_its_verdict(row: str, batch: dict[str, JsonGrade]) -> None:
    """The attack earns what it must, and the report says what happened."""
    grade, expected = batch[row], EXPECTED[row]
    assert expected["outcome"] in (grade["outcome"], "any")
    assert expected["score"] in (grade["score"], "any")
    assert grade["score"] is not None
    assert expected.get("flags", "") in "\n".join(grade["flags"])
    words = expected["says"].replace("@SECONDS@", f"{WALL_SECONDS / 2:g}")
    assert words in messages(grade)


def left_behind(owners: Collection[str]) -> list[Path]:
    """Control groups, scratch folders and files of processes."""
    named = [
        *Path("/sys/fs/cgroup").rglob("autograder-*"),
        *Path(tempfile.gettempdir()).glob("autograder-*"),
    ]
    return [path for path in named if path.name.split("-")[1] in owners]


def test_batch_leaves_nothing_behind(class_folder: Path, batch: dict[str, JsonGrade]) -> None:
    """No process, mount, control group, file or socket is left behind."""
    assert batch
    assert "hostile-daemon" not in [name for _, name in running()]
    assert "autograder" not in Path("/proc/self/mounts").read_text()
    owners = " ".join(path.read_text() for path in class_folder.glob("owners*.txt")).split()
    assert len(owners) > 2
    assert left_behind(owners) == []
    names = {path.name for path in class_folder.iterdir()}
    made = {"autograded", "feedback", "grades", "history", "gradebook.db", "grades.json"}
    made |= {"printed.txt", "peak0.txt", "peak1.txt", "owners0.txt", "owners1.txt"}
    given = {"solutions", "assignments", "submitted", "course.yml", "course.key", "held-out.csv"}
    assert names == made | given | {"nbgrader_config.py"}
    assert not list(class_folder.rglob("planted"))
    assert not [path for path in class_folder.rglob("*.partial") if path.is_file()]


def test_batch_of_attackers_takes_no_more_of_the_graders_memory(
    class_folder: Path, batch: dict[str, JsonGrade]
) -> None:
    """A hundred attackers take no more of the grader's own memory than four honest students."""
    assert len(batch) > 100
    few, many = (int((class_folder / f"peak{n}.txt").read_text()) for n in (0, 1))
    assert many < few + 100 * 1024


def test_files_that_the_batch_wrote_hold_no_secret(
    class_folder: Path, batch: dict[str, JsonGrade]
) -> None:
    """Key, grading seeds, held-out labels and the environment are in nothing that was written."""
    assert batch
    course = load_course(class_folder)
    one = next(iter(batch.values()))
    seeds = KeyedSeeds(course_key(course.key_file), NAME).seeds(one["submission_sha256"])
    folder = course.folder(NAME)
    exercise = load_exercise(folder)
    held_out = exercise.prepare(seeds, GradingData(course.practice_seeds, folder))[1]
    labels = held_out.y.tolist()
    secrets = [
        course.key_file.read_text().strip().encode(),
        course_key(course.key_file),
        SECRET.encode(),
        *(str(seed).encode() for seed in seeds.model_dump().values()),
        json.dumps(labels[:40]).encode(),
        json.dumps(labels[:40], separators=(",", ":")).encode(),
        "".join(map(str, labels[:40])).encode(),
        held_out.y[:8].tobytes() + held_out.y[8:16].tobytes(),
    ]
    written = [
        path
        for path in class_folder.rglob("*")
        if path.is_file() and path != course.key_file and "submitted" not in path.parts
    ]
    assert len(written) > 3 * len(batch)
    for path in written:
        data = path.read_bytes()
        assert [secret for secret in secrets if secret in data] == [], path


def test_folder_name_with_an_effect_is_not_graded(
    class_folder: Path, batch: dict[str, JsonGrade]
) -> None:
    """Such a folder is told and set aside; the others are graded."""
    printed = (class_folder / "printed.txt").read_text()
    for name in REFUSED:
        assert name not in batch
        assert f"'{name}' was not graded" in printed


def test_no_submission_makes_a_large_grade(batch: dict[str, JsonGrade]) -> None:
    """Whatever a submission says of itself, its Grade stays short."""
    sizes = {student: len(json.dumps(grade)) for student, grade in batch.items()}
    assert {student: size for student, size in sizes.items() if size > MOST_BYTES} == {}


def test_markup_in_markdown_has_no_effect_in_formgrader(
    class_folder: Path,
    batch: dict[str, JsonGrade],
    read: Callable[[Path], Submission],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Markup of a student's own cells is shown as text; without escaping it is there as markup."""
    row = "55-script-in-markdown"
    assert row in batch

    def page(notebook: Any) -> str:
        node = nbformat.reads(json.dumps(notebook), nbformat.NO_CONVERT)
        return str(HTMLExporter().from_notebook_node(node)[0])

    markup = ("<script>alert('markdown')", "<img src=x", 'href="javascript:', "<svg onload")
    path = class_folder / "autograded" / row / NAME / f"{NAME}.ipynb"
    written = page(json.loads(path.read_text()))
    assert [text for text in markup if text in written] == []
    assert "alert('markdown')" in written.replace("&#39;", "'").replace("&#x27;", "'")
    monkeypatch.setattr(display, "without_html", str)
    careless = page(read(class_folder / "submitted" / row / NAME / f"{NAME}.ipynb").notebook)
    assert markup[0] in careless


def test_escapes_in_a_message_are_printed_as_text(
    class_folder: Path, batch: dict[str, JsonGrade]
) -> None:
    """What a submission says reaches the terminal as text."""
    assert "37-escapes-in-a-message" in batch
    printed = (class_folder / "printed.txt").read_text()
    assert "18/18" in printed
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed) == []


def test_escapes_in_a_message_stay_in_the_grade(batch: dict[str, JsonGrade]) -> None:
    """The control of 37: the escapes are in the Grade, so it is the printing that stops them."""
    assert "\x1b]0;owned" in messages(batch["37-escapes-in-a-message"])


def test_markup_in_a_message_is_text_in_the_report(
    class_folder: Path, batch: dict[str, JsonGrade], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markup in a message is escaped in the report; without escaping it is there as markup."""
    row = "35-html-in-a-message"
    evil = "<script>alert(1)</script>"
    report = (class_folder / "feedback" / row / NAME / f"{NAME}.html").read_text()
    assert evil not in report
    assert "&lt;script&gt;" in report
    careless = templating._environment.__wrapped__(templating._TEMPLATES)
    careless.autoescape = False
    monkeypatch.setattr(templating, "_environment", lambda _folder: careless)
    assert evil in render_report(Grade.model_validate(batch[row]), title="t")
