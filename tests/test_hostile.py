"""Hostile submissions get what they deserve, and honest ones beside them notice nothing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, NAME, Weakened, copy_course, without
from hostile_class import (
    EXPECTED,
    HONEST,
    HOSTILE,
    SECRET,
    hand_in_honest,
    hand_in_hostile,
    hostile_file,
    told,
)
from naive import FULL_MARKS

from autograder.course import Course, load_course
from autograder.errors import SandboxUnavailableError
from autograder.exercises import exercise_01_first_training as exercise
from autograder.exercises.draws import Private
from autograder.feedback import card, page
from autograder.results import Grade
from autograder.sandbox import client
from autograder.sandbox.client import WarmProcess
from autograder.sandbox.environment import clean_environment
from autograder.seeds import course_key, grading_seeds
from autograder.submissions import Submission

pytestmark = pytest.mark.sandbox

WALL_SECONDS = 8
THREATS = range(1, 41)
ELSEWHERE = {30: "test_submissions", 38: "test_submissions"}
"""Threats that are no notebook: names of folders, which the batch itself refuses."""


def test_corpus_covers_every_threat() -> None:
    """Each row of the threats has a hostile submission, and each of those its verdict."""
    notebooks = {path.stem for path in HOSTILE.iterdir() if path.name != "expected.yml"}
    assert notebooks == {row for row, expected in EXPECTED.items() if "made" not in expected}
    assert len(EXPECTED) >= 60
    assert {int(row[:2]) for row in EXPECTED} | ELSEWHERE.keys() == set(THREATS)
    assert all(expected["control"] for expected in EXPECTED.values())


# The batch


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that is quick to run out of patience, with honest students."""
    return make_course(tmp_path_factory.mktemp("hostile"))


def make_course(root: Path) -> Path:
    """A course whose clock runs fast, with honest students."""
    copy_course(root)
    text = (root / "course.yml").read_text()
    (root / "course.yml").write_text(
        text.replace("wall_seconds: 60", f"wall_seconds: {WALL_SECONDS}")
    )
    hand_in_honest(root)
    return root


def grade_folder(root: Path, *options: str) -> dict[str, dict[str, Any]]:
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
        peak = ""
        while process.poll() is None:
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = next((n for n in re.findall(r"VmHWM:\s+(\d+) kB", status)), peak)
            time.sleep(0.1)
    assert process.returncode == 0, printed.read_text()
    (root / f"peak{len(options)}.txt").write_text(peak)
    return {grade["student"]: grade for grade in json.loads((root / "grades.json").read_text())}


@pytest.fixture(scope="module")
def alone(class_folder: Path) -> dict[str, dict[str, Any]]:
    """The honest students' Grades when nobody else hands in."""
    return grade_folder(class_folder)


@pytest.fixture(scope="module")
def batch(class_folder: Path, alone: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The Grades of everybody, graded anew with the attackers between the honest students."""
    assert alone.keys() == HONEST.keys()
    hand_in_hostile(class_folder)
    (class_folder / "held-out.csv").write_text("label\n1\n")
    return grade_folder(class_folder, "--force")


def without_time(grade: dict[str, Any]) -> str:
    """A Grade's bytes, its time aside."""
    return json.dumps({**grade, "seconds": 0})


@pytest.mark.parametrize("student", HONEST)
def test_honest_neighbour_is_graded_as_if_alone(
    student: str, alone: dict[str, dict[str, Any]], batch: dict[str, dict[str, Any]]
) -> None:
    """Among attackers an honest Grade is the same, byte for byte."""
    assert without_time(batch[student]) == without_time(alone[student])


@pytest.mark.parametrize("row", EXPECTED)
def test_hostile_submission_gets_its_verdict(row: str, batch: dict[str, dict[str, Any]]) -> None:
    """The attack earns what it must, and the report says what happened."""
    grade, expected = batch[row], EXPECTED[row]
    assert grade["outcome"] == expected.get("outcome", grade["outcome"])
    assert grade["score"] == expected.get("score", grade["score"])
    assert expected.get("says", "") in messages(grade)


def messages(grade: dict[str, Any]) -> str:
    """All that a Grade says."""
    return "\n".join(check["message"] for check in grade["checks"])


def left_behind() -> list[Path]:
    """Control groups, scratch folders and files of processes that are no more."""
    named = [
        *Path("/sys/fs/cgroup").rglob("autograder-*"),
        *Path(tempfile.gettempdir()).glob("autograder-*"),
    ]
    return [path for path in named if not Path("/proc", path.name.split("-")[1]).exists()]


def test_nothing_survives_the_batch(class_folder: Path, batch: dict[str, dict[str, Any]]) -> None:
    """No process, mount, control group, file or socket is left behind."""
    assert batch
    assert "hostile-daemon" not in [name for _, name in running()]
    assert "autograder" not in Path("/proc/self/mounts").read_text()
    assert left_behind() == []
    names = {path.name for path in class_folder.iterdir()}
    made = {"autograded", "feedback", "grades", "gradebook.db", "grades.json", "printed.txt"}
    made |= {"peak0.txt", "peak1.txt"}
    given = {"solutions", "assignments", "submitted", "course.yml", "course.key", "held-out.csv"}
    assert names == made | given
    assert not list(class_folder.rglob("planted"))
    assert not list(class_folder.rglob("*.partial"))


def running() -> Iterator[tuple[int, str]]:
    """Ids and names of all processes."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            yield int(path.parent.name), path.read_text().strip()


def test_memory_of_the_grader_stays_flat(
    class_folder: Path, batch: dict[str, dict[str, Any]]
) -> None:
    """A hundred attackers take no more of the grader's own memory than four honest students."""
    assert len(batch) > 100
    few, many = (int((class_folder / f"peak{n}.txt").read_text()) for n in (0, 1))
    assert many < few + 100 * 1024


def test_outputs_keep_the_secrets(class_folder: Path, batch: dict[str, dict[str, Any]]) -> None:
    """Key, grading seeds, held-out labels and the environment are in nothing that was written."""
    assert batch
    course = load_course(class_folder)
    seeds = grading_seeds(course_key(course.key_file), NAME)
    held_out = exercise.prepare(seeds, Private(course.practice_seeds, course.root))[1]
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


def test_terminal_shows_no_escape(class_folder: Path, batch: dict[str, dict[str, Any]]) -> None:
    """What a submission says reaches the terminal as text."""
    assert "37-escapes-in-a-message" in batch
    printed = (class_folder / "printed.txt").read_text()
    assert "18/18" in printed
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed) == []


# Negative controls: the same attack with its layer left out succeeds


def rows_with(kind: str) -> list[str]:
    """Rows whose control is of a kind."""
    return [row for row, expected in EXPECTED.items() if kind in expected["control"]]


@pytest.fixture(scope="module")
def exposed(course: Course) -> Course:
    """The tests' course with everything in it that an attacker looks for, for all to read."""
    course.key_file.chmod(0o644)
    course.root.chmod(0o755)
    (course.root / "held-out.csv").write_text("label\n1\n")
    (course.root / "grades" / NAME).mkdir(parents=True, exist_ok=True)
    if not (course.root / "submitted").exists():
        hand_in_honest(course.root)
        hand_in_hostile(course.root)
    return course


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, str]]:
    """A port and an abstract name at which somebody listens."""
    name = f"autograder-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(f"\0{name}")
        unix.listen()
        yield tcp.getsockname()[1], name


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("off"))
def test_attack_works_without_its_layers(
    row: str,
    exposed: Course,
    listener: tuple[int, str],
    weakened: Weakened,
    read: Callable[[Path], Submission],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the layer that stops it left out, the attack does what it set out to do."""
    control = EXPECTED[row]["control"]
    path = hostile_file(row, tmp_path, told(exposed.root, *listener))
    layers = tuple(layer.replace("@COURSE@", str(exposed.root)) for layer in control["off"])
    if layers == ("environment",):
        monkeypatch.setenv("LMS_TOKEN", SECRET)
        clean = clean_environment()
        monkeypatch.setattr(client, "clean_environment", lambda: {**os.environ, **clean})
        with ExitStack() as stack:
            grade = weakened.start(("self-test",), stack).grade(read(path))
    else:
        grade = weakened.grade(path, *layers)
    assert control.get("says", "broke: ") in messages(grade.model_dump())
    if "survivor" in control:
        survivors = [pid for pid, name in running() if name == control["survivor"]]
        assert survivors
        for survivor in survivors:
            os.kill(survivor, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("off"))
def test_reduced_tier_holds(
    row: str,
    exposed: Course,
    listener: tuple[int, str],
    reduced: Callable[[Path], Grade],
    tmp_path: Path,
) -> None:
    """Without namespaces, Landlock, seccomp and the watchdog stop the same attacks."""
    path = hostile_file(row, tmp_path, told(exposed.root, *listener))
    assert "broke: " not in messages(reduced(path).model_dump())


@pytest.fixture(scope="module")
def reduced(weakened: Weakened, notebook_of_ada: Path) -> Callable[[Path], Grade]:
    """Grades in the reduced tier, as on a system that forbids user namespaces."""
    try:
        honest = weakened.grade(notebook_of_ada, "namespaces")
    except SandboxUnavailableError as error:
        pytest.skip(f"no reduced tier here: {error.message}")
    assert (honest.sandbox.tier, honest.score) == ("reduced", honest.max_score)
    return lambda path: weakened.grade(path, "namespaces")


@pytest.fixture(scope="module")
def notebook_of_ada() -> Path:
    """A right submission."""
    return CORPUS / f"{HONEST['ada']}.ipynb"


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("limits"))
def test_attack_passes_within_wider_limits(
    row: str, weakened: Weakened, course: Course, tmp_path: Path
) -> None:
    """It is the limit that ends it: with a wider one it is graded like any other."""
    control = EXPECTED[row]["control"]
    path = hostile_file(row, tmp_path, told(course.root))
    assert weakened.grade(path, **control["limits"]).score == control["score"]


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("practice"))
def test_attack_passes_with_the_seeds_that_students_know(
    row: str,
    weakened: Weakened,
    course: Course,
    read: Callable[[Path], Submission],
    tmp_path: Path,
) -> None:
    """What was found with the practice seeds does for them, and for them alone."""
    path = hostile_file(row, tmp_path, told(course.root))
    with ExitStack() as stack:
        grade = weakened.start((), stack, practice_seeds=True).grade(read(path))
    assert grade.score == EXPECTED[row]["control"]["practice"]


@pytest.fixture(scope="module")
def naive_score(
    course: Course, read: Callable[[Path], Submission]
) -> Iterator[Callable[[Path], int]]:
    """Grades as somebody does who scores in the student's process."""
    with WarmProcess(course.preload, program=without("separate-scorer")) as warm:

        def score(path: Path) -> int:
            with warm.trusted("naive") as channel:
                cells = [cell.source for cell in read(path).cells]
                channel.sendall(json.dumps(cells).encode() + b"\n")
                return int(channel.makefile().read() or -1)

        yield score


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("naive"))
def test_attack_fools_a_grader_in_the_same_process(
    row: str, naive_score: Callable[[Path], int], course: Course, tmp_path: Path
) -> None:
    """Where scoring shares the student's process, the attack earns full marks."""
    assert EXPECTED[row]["control"]["naive"] == FULL_MARKS
    assert naive_score(hostile_file(row, tmp_path, told(course.root))) == FULL_MARKS


@pytest.mark.slow
def test_naive_grader_is_a_grader(
    naive_score: Callable[[Path], int], notebook: Callable[..., Path]
) -> None:
    """The control of the controls: it knows right from wrong where nobody cheats."""
    assert naive_score(notebook()) == FULL_MARKS
    assert naive_score(notebook(train_model="def train_model(model, x, y, epochs=5): pass")) < 2


def test_planted_conftest_forges_a_pass_where_pytest_runs_beside_it(tmp_path: Path) -> None:
    """The control of 02-planted-files: pytest in that folder calls a failing test passed."""
    hostile_file("02-planted-files", tmp_path, {})
    (tmp_path / "random.py").unlink()  # it would run too, and end pytest
    (tmp_path / "test_marks.py").write_text("def test_marks():\n    assert False\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_marks.py"]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0  # noqa: S603
    (tmp_path / "conftest.py").unlink()
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1  # noqa: S603


def test_pickle_runs_code_where_it_is_loaded(
    read: Callable[[Path], Submission], tmp_path: Path
) -> None:
    """The control of 16-pickle-bomb: whoever loads the returned object runs its command."""
    (cell,) = (
        c
        for c in read(hostile_file("16-pickle-bomb", tmp_path, {})).cells
        if c.name == "first_layer_weights"
    )
    load = "import pickle; pickle.loads(pickle.dumps(first_layer_weights(None)))"
    subprocess.run([sys.executable, "-c", f"{cell.source}\n{load}"], cwd=tmp_path, check=True)  # noqa: S603
    assert (tmp_path / "planted").exists()


def test_report_shows_markup_as_text(
    class_folder: Path, batch: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markup in a message is escaped in the report; without escaping it is there as markup."""
    row = "35-html-in-a-message"
    evil = "<script>alert(1)</script>"
    report = (class_folder / "feedback" / row / NAME / f"{NAME}.html").read_text()
    assert evil not in report
    assert "&lt;script&gt;" in report
    careless = card._environment.__wrapped__()
    careless.autoescape = False
    monkeypatch.setattr(card, "_environment", lambda: careless)
    assert evil in page.render_report(Grade.model_validate(batch[row]), title="t")


def test_message_holds_the_escape_that_the_terminal_does_not(
    batch: dict[str, dict[str, Any]],
) -> None:
    """The control of 37: the escapes are in the Grade, so it is the printing that stops them."""
    assert "\x1b]0;owned" in messages(batch["37-escapes-in-a-message"])
