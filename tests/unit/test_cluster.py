"""What travels to a cluster's workers and back, and which workers are believed."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from courses import CORPUS, NAME
from grades import make_rubric_grade
from processes import wait_until_ended

from autograder import __version__
from autograder.course import Course, KeyedSeeds
from autograder.errors import ClusterError, MachineError
from autograder.grading import Options, grade, grading_digest
from autograder.grading.cluster import ClusterGrader, Scheduler, dispatch, place
from autograder.grading.cluster.connection import is_private
from autograder.grading.cluster.memory_folder import memory_folder
from autograder.grading.cluster.messages import GradeJob, NoSession, OpenSession, SessionProof
from autograder.grading.cluster.place import DIFFERS, REFERENCE, why_different
from autograder.grading.cluster.worker import grade_job, open_session
from autograder.grading.delegation import GradeDone, GradingTask, JobFailed, RemoteSeeds
from autograder.results import Grade, Outcome
from autograder.submissions import Submission
from autograder.wire import Failed, Message, unpack

RIGHT = CORPUS / "right/as-in-the-lesson.ipynb"
KEY = b"k" * 32
PROOF = SessionProof(
    tier="full",
    environment={"tensorflow": "3.0", "machine": "x86_64"},
    course_sha256="c0",
    reply_sha256="b1",
)
Answer = Callable[[GradeJob], Message]


@pytest.fixture
def submission(read: Callable[[Path], Submission]) -> Submission:
    """Ada's right answer."""
    return read(RIGHT)


@pytest.fixture
def task(course: Course) -> GradingTask:
    """The first assignment with the seeds of a key."""
    return GradingTask(course, course.assignment(NAME), KeyedSeeds(KEY, NAME), "c0")


@pytest.fixture
def expected(task: GradingTask, submission: Submission) -> Grade:
    """A Grade of Ada's submission, as a worker sends it."""
    sha256 = submission.sha256
    seeds = {"kind": task.seeds.kind, "fingerprint": task.seeds.fingerprint(sha256)}
    checks = task.assignment.checks
    grade = make_rubric_grade(checks, student="", submission_sha256=sha256, course_sha256="c0")
    return grade.model_copy(update={"seeds": seeds, "assignment": NAME})


class Answering:
    """A cluster of one worker, which answers as a test says; see `Cluster`.

    Attributes:
        answer: What it says to a job.
        proof: What it says when it is asked to prove itself.
        received: What it was sent.
    """

    def __init__(self, answer: Answer, proof: Message = PROOF) -> None:
        self.answer = answer
        self.proof = proof
        self.received: list[bytes] = []
        self._pool = ThreadPoolExecutor(1)

    def workers(self) -> dict[str, int]:
        """One, with one thread."""
        return {"w": 1}

    def executor(self, _worker: str) -> Executor:
        """What answers."""
        answering = self

        class Worker(Executor):
            def submit(self, fn: Callable[..., Any], /, *sent: Any, **_: Any) -> Any:
                return answering._pool.submit(answering._do, fn, sent[-1])

        return Worker()

    def _do(self, function: Callable[..., Any], sent: Any) -> bytes | None:
        if function is open_session:
            self.received.append(sent)
            return self.proof.pack()
        if function is grade_job:
            self.received.append(sent)
            return self.answer(unpack(sent, GradeJob)).pack()
        return None

    def reconnect(self) -> None:
        """Never needed."""

    def close(self) -> None:
        """End the worker."""
        self._pool.shutdown()


@pytest.fixture
def on_cluster(
    task: GradingTask, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Grade]:
    """Grade Ada's submission on a cluster; this machine is as `PROOF` says."""
    monkeypatch.setattr(ClusterGrader, "_prove_this_machine", lambda _: PROOF)
    monkeypatch.setattr(place, "_CLOSE_SECONDS", 5)
    monkeypatch.setattr(dispatch, "_POLL_SECONDS", 0.002)
    monkeypatch.setattr(dispatch, "_REFUSED_SECONDS", 0.01)

    def run(cluster: Answering, **options: Any) -> Grade:
        broken: list[tuple[str, str]] = []
        scheduler = Scheduler("tcp://127.0.0.1", **options)
        with ClusterGrader(
            task,
            submission,
            scheduler,
            lambda _: None,
            lambda *told: broken.append(told),
            connect=lambda _: cluster,
        ) as grader:
            return grader.grade(submission)

    return run


def done(grade: Grade) -> Answer:
    """A worker that answers every job with a Grade."""
    message = GradeDone(grade=grade.model_dump_json(), broken=())
    return lambda _: message


def test_worker_has_the_same_course(
    task: GradingTask, submission: Submission, tmp_path: Path
) -> None:
    """What travels is enough for the digest of everything that decides a mark."""
    arrived = unpack(OpenSession.of(task, submission).pack(), OpenSession)
    arrived.write(tmp_path)
    there = arrived.course(tmp_path)
    seeds = RemoteSeeds(arrived.seeds_kind, arrived.seeds)
    assert grading_digest(there, there.assignment(NAME), seeds) == grading_digest(
        task.course, task.assignment, task.seeds
    )
    assert arrived.solution.submission().cells == submission.cells


def test_key_and_names_stay_with_the_client(
    task: GradingTask, expected: Grade, on_cluster: Callable[..., Grade]
) -> None:
    """A worker gets the seeds of one submission, and neither the key nor the student."""
    cluster = Answering(done(expected))
    assert on_cluster(cluster).student == "ada"
    assert not hasattr(unpack(cluster.received[-1], GradeJob).submission, "student")
    sent = b"".join(cluster.received)
    assert KEY not in sent
    assert KEY.hex().encode() not in sent
    seeds = task.seeds.seeds(expected.submission_sha256)
    assert unpack(cluster.received[-1], GradeJob).seeds == seeds


@pytest.mark.parametrize(
    "changes",
    [
        {"submission_sha256": "another"},
        {"course_sha256": "another"},
        {"assignment": "02-house-prices"},
        {"score": 0.0},
        {"checks": ()},
        {"seeds": {"kind": "practice", "fingerprint": ""}},
        {"sandbox": {"tier": "unsafe"}},
    ],
)
def test_grade_of_something_else_is_no_grade(
    expected: Grade, on_cluster: Callable[..., Grade], changes: dict[str, Any]
) -> None:
    """A worker's answer must fit the submission, the rubric and its proof, or it grades no more."""
    text = json.dumps({**json.loads(expected.model_dump_json()), **changes})
    with pytest.raises(ClusterError, match="something else than a Grade of this submission"):
        on_cluster(Answering(lambda _: GradeDone(grade=text, broken=())))


def test_points_beyond_the_rubric_are_no_grade(
    expected: Grade, on_cluster: Callable[..., Grade]
) -> None:
    """A check gives no more points than course.yml says."""
    first = expected.checks[0].model_copy(update={"points": expected.checks[0].max_points + 1})
    checks = (first, *expected.checks[1:])
    score = sum(check.points for check in checks)
    bad = expected.model_copy(update={"checks": checks, "score": score})
    with pytest.raises(ClusterError, match="something else"):
        on_cluster(Answering(done(bad)))


def test_answer_that_is_no_message_is_no_grade(on_cluster: Callable[..., Grade]) -> None:
    """A worker that answers a job with its proof grades no more; nobody's mark depends on it."""
    with pytest.raises(ClusterError, match="it answered with something else"):
        on_cluster(Answering(lambda _: PROOF))


def test_other_bits_are_stamped_where_they_are_allowed(
    expected: Grade, on_cluster: Callable[..., Grade]
) -> None:
    """A Grade from a machine with other bits says so."""
    other = PROOF.model_copy(update={"reply_sha256": "b2"})
    grade = on_cluster(Answering(done(expected), other), different_bits=True)
    assert grade.environment[REFERENCE] == DIFFERS
    assert REFERENCE not in on_cluster(Answering(done(expected))).environment


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"environment": {"tensorflow": "2.0", "machine": "x86_64"}}, "tensorflow 2.0 instead of"),
        ({"tier": "reduced"}, "reduced tier"),
        ({"tier": "unsafe"}, "unsafe tier"),
        ({"course_sha256": "c1"}, "grader's code"),
        ({"reply_sha256": "b2"}, "other weights"),
        ({}, ""),
    ],
)
def test_machine_that_differs_is_refused(changes: dict[str, Any], reason: str) -> None:
    """Versions, sandbox, code and bits must be this machine's."""
    why = why_different(PROOF.model_copy(update=changes), PROOF, different_bits=False)
    assert reason in why
    assert bool(why) == bool(reason)


def test_better_sandbox_is_not_refused() -> None:
    """A full tier may grade for a client that has the reduced one."""
    own = PROOF.model_copy(update={"tier": "reduced"})
    assert not why_different(PROOF, own, different_bits=False)


def test_defect_on_a_worker_is_no_mark(on_cluster: Callable[..., Grade]) -> None:
    """Where the grader fails on a submission, the worker goes on and there is no mark."""
    with pytest.raises(MachineError, match="The grader itself failed"):
        on_cluster(Answering(lambda _: JobFailed(traceback="ValueError")))


def test_worker_that_forgets_again_and_again_is_no_mark(on_cluster: Callable[..., Grade]) -> None:
    """A submission after which workers start anew each time is given up."""
    with pytest.raises(MachineError, match="3 workers became unfit or were started again"):
        on_cluster(Answering(lambda _: NoSession()))


def test_worker_of_another_version_reads_nothing() -> None:
    """The version is compared first; nothing is ever raised, which Dask would log."""
    answer = unpack(open_session("0.0.0", b"not a message"), Failed)
    assert f"it has autograder {__version__}, and the client has 0.0.0" in answer.error
    assert unpack(open_session(__version__, b"secret"), Failed)
    assert unpack(grade_job("no such session", b"secret"), NoSession)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("tls://10.0.0.1:8786", True),
        ("tcp://127.0.0.1:8786", True),
        ("127.0.0.1:8786", True),
        ("tcp://[::1]:8786", True),
        ("localhost:8786", True),
        ("tcp://10.0.0.1:8786", False),
        ("10.0.0.1:8786", False),
        ("tcp://localhost.example.org:8786", False),
        ("ws://10.0.0.1:8786", False),
        ("", False),
    ],
)
def test_only_encrypted_or_local_addresses_are_private(address: str, private: bool) -> None:  # noqa: FBT001
    """TLS, or this machine."""
    assert is_private(address) is private


def test_address_without_tls_is_refused(task: GradingTask, submission: Submission) -> None:
    """Nothing is sent to an address that others can read."""
    grader = ClusterGrader(task, submission, Scheduler("tcp://10.0.0.1:8786"), print, print)
    with grader, pytest.raises(ClusterError, match=r"tcp://10\.0\.0\.1:8786 is not encrypted"):
        grader.grade(submission)


def test_missing_dask_is_told(
    task: GradingTask, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, the message names the command that installs it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    grader = ClusterGrader(task, submission, Scheduler("tcp://127.0.0.1:1"), print, print)
    with grader, pytest.raises(ClusterError, match="Dask is not installed") as refused:
        grader.grade(submission)
    assert "pip install 'autograder[cluster]'" in refused.value.tip


def test_unsafe_grading_on_a_cluster_is_refused(course: Course, tmp_path: Path) -> None:
    """The course's secrets are where submissions run, so these are always confined."""
    options = Options(unsafe=True, scheduler=Scheduler("tcp://127.0.0.1:1"), submitted=tmp_path)
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(RIGHT.read_bytes())
    with pytest.raises(ClusterError, match="in the sandbox only"):
        grade(course, NAME, options)


def test_file_outside_of_the_folder_is_not_written(
    task: GradingTask, submission: Submission, tmp_path: Path
) -> None:
    """A path that leads out of the assignment's folder is refused."""
    opening = OpenSession.of(task, submission)
    opening = opening.model_copy(update={"files": {"../../../planted": b""}})
    with pytest.raises(ValueError, match="leads out of its folder"):
        opening.write(tmp_path / "root")
    assert not (tmp_path / "planted").exists()


def test_worker_that_may_write_to_its_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask may spill results to a disk, the worker says which option turns that off."""
    dask = SimpleNamespace(get_worker=lambda: SimpleNamespace(data=object()))
    monkeypatch.setitem(sys.modules, "distributed", dask)
    answer = unpack(open_session(__version__, b"not read"), Failed)
    assert (answer.error, answer.tip) == (
        "Dask may write Grades to its disk, where memory is short.",
        "Start the worker with --memory-limit 0.",
    )


def test_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    """Where there is no file system in memory, nothing is written."""
    with pytest.raises(MachineError, match="not a file system in memory"), memory_folder(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_folder_in_memory_ends_with_its_process() -> None:
    """Only its user can enter it, and it is deleted although its process is killed."""
    code = (
        "import sys, time\n"
        "from autograder.grading.cluster.memory_folder import memory_folder\n"
        "with memory_folder() as folder:\n"
        "    (folder / 'secret').write_text('x')\n"
        "    print(folder, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    process = subprocess.Popen(  # noqa: S603 - the code is the test's own
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert (folder / "secret").exists()
    assert folder.stat().st_mode & 0o777 == 0o700
    deleter = [
        int(pid)
        for task in Path(f"/proc/{process.pid}/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_until_ended(deleter)
    assert not folder.exists()


def test_abandoned_folder_is_deleted_by_the_next_session() -> None:
    """A folder that nobody holds goes; one that a process holds stays."""
    with memory_folder() as held:
        abandoned = held.with_name("autograder-session-abandoned")
        abandoned.mkdir()
        with memory_folder():
            assert not abandoned.exists()
            assert held.exists()
        lock = os.open(held, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(lock)
    assert not held.exists()


def test_no_mark_of_a_worker_is_accepted(expected: Grade, on_cluster: Callable[..., Grade]) -> None:
    """A `grader_error` comes back as one, without a mark."""
    checks = tuple(
        verdict.model_copy(update={"outcome": Outcome.GRADER_ERROR, "points": 0.0})
        for verdict in expected.checks
    )
    sent = expected.model_copy(
        update={"checks": checks, "outcome": Outcome.GRADER_ERROR, "score": None}
    )
    assert on_cluster(Answering(done(sent))).score is None
