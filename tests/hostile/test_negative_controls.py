"""The same attacks with the layer left out that stops them: each succeeds."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from courses import CORPUS, NAME
from hostile_class import (
    EXPECTED,
    HONEST,
    SECRET,
    hand_in_honest,
    hand_in_hostile,
    hostile_file,
    messages,
    told,
)
from naive import FULL_MARKS
from processes import running
from weakened import Weakened, without

from autograder.course import Course
from autograder.errors import SandboxUnavailableError
from autograder.results import Grade
from autograder.sandbox import ForkServer, Programs, launch
from autograder.sandbox.environment import clean_environment
from autograder.submissions import Submission, find_submissions
from autograder.submissions.files import read_regular_file

pytestmark = pytest.mark.sandbox


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
def test_attack_without_the_layers_that_stop_it_succeeds(
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
        monkeypatch.setattr(launch, "clean_environment", lambda: {**os.environ, **clean})
        with ExitStack() as stack:
            grade = weakened.start(("self-test",), stack).grade(read(path))
    else:
        grade = weakened.grade(path, *layers)
    assert control.get("says", "broke: ") in messages(grade.model_dump())
    assert len(grade.model_dump_json()) > control.get("size", 0)
    if "survivor" in control:
        survivors = [pid for pid, name in running() if name == control["survivor"]]
        assert survivors
        for survivor in survivors:
            os.kill(survivor, signal.SIGKILL)


@pytest.fixture(scope="module")
def reduced(weakened: Weakened) -> Callable[[Path], Grade]:
    """Grades in the reduced tier, as on a system that forbids user namespaces."""
    try:
        honest = weakened.grade(CORPUS / f"{HONEST['ada']}.ipynb", "namespaces")
    except SandboxUnavailableError as error:
        pytest.skip(f"no reduced tier here: {error.message}")
    assert (honest.sandbox.tier, honest.score) == ("reduced", honest.max_score)
    return lambda path: weakened.grade(path, "namespaces")


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("off"))
def test_attack_in_the_reduced_tier_fails(
    row: str,
    exposed: Course,
    listener: tuple[int, str],
    reduced: Callable[[Path], Grade],
    tmp_path: Path,
) -> None:
    """Without namespaces, Landlock, seccomp and the watchdog stop the same attacks."""
    path = hostile_file(row, tmp_path, told(exposed.root, *listener))
    assert "broke: " not in messages(reduced(path).model_dump())


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in EXPECTED if row.startswith("48-")])
def test_change_in_the_reduced_tier_without_its_filter_succeeds(
    row: str,
    exposed: Course,
    reduced: Callable[[Path], Grade],
    weakened: Weakened,
    tmp_path: Path,
) -> None:
    """Landlock does not know these calls: without the filter they change the machine's files."""
    if os.geteuid() == 0:
        pytest.skip("the reduced tier of root runs as a user who owns no file")
    path = hostile_file(row, tmp_path, told(exposed.root))
    assert "held: PermissionError nothing has changed" in messages(reduced(path).model_dump())
    grade = weakened.grade(path, "namespaces", "seccomp")
    assert grade.sandbox.tier == "reduced"
    assert "broke: " in messages(grade.model_dump())


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("limits"))
def test_attack_within_wider_limits_is_graded_like_any_other(
    row: str, weakened: Weakened, course: Course, tmp_path: Path
) -> None:
    """The limit ends it: with a wider one it gets the marks of its answers."""
    control = EXPECTED[row]["control"]
    path = hostile_file(row, tmp_path, told(course.root))
    assert weakened.grade(path, **control["limits"]).score == control["score"]


@pytest.mark.parametrize("row", rows_with("links"))
def test_link_that_is_allowed_hands_in_what_it_leads_to(row: str, exposed: Course) -> None:
    """Where links may lead anywhere, the file behind one is the student's submission."""
    submitted = exposed.root / "submitted"
    [refused] = find_submissions(submitted, NAME, [row])
    assert refused.problem is not None
    place = exposed.root / EXPECTED[row]["control"]["links"]
    [file] = find_submissions(submitted, NAME, [row], links=[place])
    assert file.problem is None
    data = read_regular_file(file.path, file.identity)
    assert data == exposed.source_notebook(NAME).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("practice"))
def test_attack_with_the_seeds_that_students_know_succeeds(
    row: str,
    weakened: Weakened,
    course: Course,
    read: Callable[[Path], Submission],
    tmp_path: Path,
) -> None:
    """What was found with the practice seeds is right for them, and for them alone."""
    path = hostile_file(row, tmp_path, told(course.root))
    with ExitStack() as stack:
        grade = weakened.start((), stack, practice_seeds=True).grade(read(path))
    assert grade.score == EXPECTED[row]["control"]["practice"]


@pytest.fixture(scope="module")
def naive_score(
    course: Course, read: Callable[[Path], Submission]
) -> Iterator[Callable[[Path], int]]:
    """Grades as somebody does who scores in the student's process."""
    programs = Programs(preload=course.preload)
    with ForkServer(programs, arguments=without("separate-scorer")) as server:

        def score(path: Path) -> int:
            with server.serve("naive") as channel:
                cells = [cell.source for cell in read(path).cells]
                channel.sendall(json.dumps(cells).encode() + b"\n")
                return int(channel.makefile("rb").readline() or -1)  # its host's words follow

        yield score


@pytest.mark.slow
@pytest.mark.parametrize("row", rows_with("naive"))
def test_attack_on_a_grader_in_the_same_process_succeeds(
    row: str, naive_score: Callable[[Path], int], course: Course, tmp_path: Path
) -> None:
    """Where scoring shares the student's process, the attack earns full marks."""
    assert EXPECTED[row]["control"]["naive"] == FULL_MARKS
    assert naive_score(hostile_file(row, tmp_path, told(course.root))) == FULL_MARKS


@pytest.mark.slow
def test_honest_notebook_gets_its_marks_from_the_naive_grader(
    naive_score: Callable[[Path], int], notebook: Callable[..., Path]
) -> None:
    """The control of the controls: the naive grader knows right from wrong where nobody cheats."""
    assert naive_score(notebook()) == FULL_MARKS
    assert naive_score(notebook(train_model="def train_model(model, x, y, epochs=5): pass")) < 2


def test_planted_conftest_where_pytest_runs_beside_it_forges_a_pass(tmp_path: Path) -> None:
    """The control of 02-planted-files: pytest in that folder calls a failing test passed."""
    hostile_file("02-planted-files", tmp_path, {})
    (tmp_path / "random.py").unlink()  # it would run too, and end pytest
    (tmp_path / "test_marks.py").write_text("def test_marks():\n    assert False\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_marks.py"]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0  # noqa: S603
    (tmp_path / "conftest.py").unlink()
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1  # noqa: S603


def test_pickled_answer_where_it_is_loaded_runs_its_code(
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
