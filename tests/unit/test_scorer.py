"""The grader's end of a scorer: what ends the process, and what that costs whom."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import pytest
from courses import NAME, ROOT
from gradebooks import graded

from autograder.course import Seeds, load_course
from autograder.errors import CourseError, SandboxError, WireError
from autograder.grading import Scorer
from autograder.grading import scorer as scorer_module
from autograder.grading.scorer import ScoredReply
from autograder.results import TrainingSummary
from autograder.sandbox import ForkServer
from autograder.wire import (
    Described,
    DescribeTraining,
    Ended,
    Failed,
    Message,
    OpenScorer,
    PredictionsNeeded,
    Prepare,
    Prepared,
    Scored,
    ScoreRequest,
    ScorerReady,
    Void,
    receive,
    send,
    unpack,
)

COURSE = load_course(ROOT)
SEEDS = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
SCORED = Scored(verdicts=graded().checks, outputs="rebuilt", notices=())
GONE = None
"""An answer of a process that is killed together with its host."""
SECONDS = 20
Answer = Message | None


def ended(number: int, peak_memory_mb: int = 900) -> Ended:
    """What the host of a scorer says that a signal ended."""
    return Ended(
        limit="",
        exit_code=None,
        signal=number,
        cpu_seconds=1.0,
        peak_memory_mb=peak_memory_mb,
    )


class FakeServer:
    """A fork server whose scorers answer as they are told.

    Args:
        scripts: The answers of each process, after the first message; each process ends then.

    Attributes:
        requests: What was asked, over all processes.
        started: How many processes were started.
    """

    def __init__(self, *scripts: Sequence[Answer], opening: Message | None = None) -> None:
        self._scripts = list(scripts)
        self._opening = opening or ScorerReady()
        self._threads: list[threading.Thread] = []
        self.requests: list[Message] = []
        self.started = 0

    def serve(self, _program: str) -> socket.socket:
        """Start a scorer."""
        ours, theirs = socket.socketpair()
        script = self._scripts[self.started]
        self.started += 1
        thread = threading.Thread(target=self._answer, args=(theirs, script), daemon=True)
        thread.start()
        self._threads.append(thread)
        return ours

    def _answer(self, channel: socket.socket, script: Sequence[Answer]) -> None:
        with channel:
            unpack(receive(channel) or b"", OpenScorer)
            send(channel, self._opening)
            for answer in script:
                packed = receive(channel)
                if packed is None:
                    return
                self.requests.append(unpack(packed, Prepare, ScoreRequest, DescribeTraining))
                if answer is GONE:
                    return
                send(channel, answer)

    def join(self) -> None:
        """Wait until every process has ended."""
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive()


MakeScorer = Callable[..., tuple[Scorer, FakeServer]]


@pytest.fixture
def make_scorer() -> Iterator[MakeScorer]:
    """Make a scorer whose processes answer with these scripts."""
    made: list[tuple[Scorer, FakeServer]] = []

    def make(*scripts: Sequence[Answer]) -> tuple[Scorer, FakeServer]:
        server = FakeServer(*scripts)
        scorer = Scorer(cast("ForkServer", server), COURSE, COURSE.assignment(NAME))
        made.append((scorer, server))
        return scorer, server

    yield make
    for scorer, server in made:
        scorer.__exit__()
        server.join()


def score(scorer: Scorer) -> Scored | PredictionsNeeded:
    """Score a reply."""
    return scorer.score(SEEDS, bytes(16), b"reply", frozenset({"b", "a"}))


def refused(request: Message) -> tuple[str, str] | None:
    """Why a request does not want the model evaluated."""
    assert isinstance(request, ScoreRequest)
    return request.refused


def test_reply_is_scored(make_scorer: MakeScorer) -> None:
    """One process answers one request after another."""
    scorer, server = make_scorer([Prepared(given=b"x"), SCORED])
    assert scorer.given(SEEDS) == b"x"
    assert score(scorer) == SCORED
    assert server.started == 1
    request = server.requests[1]
    assert isinstance(request, ScoreRequest)
    assert (request.untouched, request.refused) == (("a", "b"), None)


def test_training_is_described_after_the_score(make_scorer: MakeScorer) -> None:
    """The reply goes along, so that any process can answer, and so does the solution's."""
    summary = TrainingSummary(loss=(0.7,), epochs=(0,))
    scorer, server = make_scorer([SCORED, GONE], [Described(training=summary)])
    score(scorer)
    trained = ScoredReply(SEEDS, bytes(16), b"reply", "it ended")
    reference = ScoredReply(SEEDS, bytes([1] * 16), b"solution")
    assert scorer.describe(trained, reference) == summary
    assert server.requests[-1] == DescribeTraining(
        seeds=SEEDS,
        nonce=bytes(16),
        reply=b"reply",
        predictions="it ended",
        reference=(bytes([1] * 16), b"solution"),
    )


def test_scorer_is_replaced_after_many_requests(
    make_scorer: MakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What replies leave in a process' memory ends with it; the answers are those asked for."""
    monkeypatch.setattr(scorer_module, "MOST_REQUESTS", 2)
    scorer, server = make_scorer([SCORED, SCORED], [SCORED, SCORED], [SCORED])
    assert [score(scorer) for _ in range(5)] == [SCORED] * 5
    assert (server.started, len(server.requests)) == (3, 5)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Void(reason="another nonce"), WireError),
        (Failed(error="IndexError"), SandboxError),
        (ended(signal.SIGPROF), SandboxError),
    ],
    ids=["void", "failed", "ended"],
)
def test_training_that_cannot_be_described_says_why(
    answer: Message, error: type[Exception], make_scorer: MakeScorer
) -> None:
    """Whoever asked leaves it out."""
    scorer, _ = make_scorer([answer])
    with pytest.raises(error):
        scorer.describe(ScoredReply(SEEDS, bytes(16), b"reply"), None)


def test_scorer_that_was_killed_is_started_again(make_scorer: MakeScorer) -> None:
    """The same request is put to the next process."""
    scorer, server = make_scorer([Prepared(given=b"x"), GONE], [SCORED])
    scorer.given(SEEDS)
    assert score(scorer) == SCORED
    assert server.started == 2
    assert server.requests[1] == server.requests[2]


def test_scorer_that_was_killed_while_idle_is_started_again(make_scorer: MakeScorer) -> None:
    """Its host said so before anybody asked; whoever asks next does not pay for it."""
    scorer, server = make_scorer([ended(signal.SIGKILL)], [Prepared(given=b"x")])
    assert scorer.given(SEEDS) == b"x"
    assert server.started == 2


def test_scorer_that_is_killed_each_time_is_the_machines_trouble(make_scorer: MakeScorer) -> None:
    """It is not started forever; a SandboxError is no mark."""
    scorer, server = make_scorer([GONE], [GONE])
    with pytest.raises(SandboxError, match="ended unexpectedly"):
        score(scorer)
    assert server.started == 2


def test_scorer_is_usable_after_it_was_given_up(make_scorer: MakeScorer) -> None:
    """The next submission gets a new process."""
    scorer, server = make_scorer([GONE], [GONE], [SCORED])
    with pytest.raises(SandboxError):
        score(scorer)
    assert score(scorer) == SCORED
    assert server.started == 3


def test_model_too_slow_to_evaluate_is_scored_without_it(make_scorer: MakeScorer) -> None:
    """The computing time of a request is its reply's own, so one attempt is enough."""
    scorer, server = make_scorer([ended(signal.SIGPROF)], [SCORED])
    assert score(scorer) == SCORED
    first, second = server.requests
    assert refused(first) is None
    message, tip = refused(second) or ("", "")
    assert f"more than {COURSE.limits.part_seconds:g} seconds of computing" in message
    assert tip


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS])
def test_model_too_large_to_evaluate_is_scored_without_it(
    number: int, make_scorer: MakeScorer
) -> None:
    """It is known once a new process, which scored nothing else, has been ended too."""
    too_much = COURSE.limits.memory_mb + 1
    scorer, server = make_scorer([ended(number, too_much)], [ended(number, too_much)], [SCORED])
    assert score(scorer) == SCORED
    assert [bool(refused(request)) for request in server.requests] == [False, False, True]
    assert f"more than {COURSE.limits.memory_mb} MB of memory" in str(server.requests[-1])


def test_memory_of_earlier_replies_is_not_charged_to_the_next(make_scorer: MakeScorer) -> None:
    """A process that had grown before, and that the system killed, says nothing of this reply."""
    grown = ended(signal.SIGKILL, COURSE.limits.memory_mb + 1)
    scorer, server = make_scorer([grown], [SCORED])
    assert score(scorer) == SCORED
    assert [refused(request) for request in server.requests] == [None, None]


def test_scorer_killed_with_little_memory_is_the_machines_trouble(make_scorer: MakeScorer) -> None:
    """A person or another program ended it, so no model is blamed."""
    scorer, server = make_scorer([ended(signal.SIGKILL)], [ended(signal.SIGKILL)])
    with pytest.raises(SandboxError, match=r"ended unexpectedly \(signal 9\)"):
        score(scorer)
    assert [refused(request) for request in server.requests] == [None, None]


def test_scorer_that_took_too_long_by_the_clock_is_the_machines_trouble(
    make_scorer: MakeScorer,
) -> None:
    """It waited for a core and not for the model; a second attempt would take as long."""
    scorer, server = make_scorer([ended(signal.SIGALRM)])
    with pytest.raises(SandboxError, match="signal 14"):
        score(scorer)
    assert server.started == 1


def test_scorer_that_ends_without_the_model_too_is_no_mark(make_scorer: MakeScorer) -> None:
    """What ends it then is not the model."""
    scorer, _ = make_scorer([ended(signal.SIGPROF)], [ended(signal.SIGPROF)])
    with pytest.raises(SandboxError, match="signal 27"):
        score(scorer)


def test_predictions_that_are_needed_are_asked_for(make_scorer: MakeScorer) -> None:
    """What to ask is handed on as it is."""
    needed = PredictionsNeeded(inputs=b"samples")
    scorer, _ = make_scorer([needed])
    assert score(scorer) == needed


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Void(reason="a text has 5,000 characters"), WireError, "5,000 characters"),
        (Failed(error="KeyError: 'x'"), SandboxError, "The scorer failed: KeyError: 'x'"),
        (Prepared(given=b""), SandboxError, "answered with Prepared"),
    ],
    ids=["void", "failed", "other"],
)
def test_answer_that_is_no_score_is_an_error(
    answer: Message, error: type[Exception], words: str, make_scorer: MakeScorer
) -> None:
    """A damaged reply is the submission's; anything else is ours."""
    scorer, _ = make_scorer([answer])
    with pytest.raises(error, match=words):
        score(scorer)


def test_checks_that_do_not_match_the_rubric_are_the_courses() -> None:
    """A scorer that cannot start says what is wrong in course.yml."""
    server = FakeServer([], opening=Failed(error="course.yml gives points for x", tip="Write it."))
    with pytest.raises(CourseError, match="gives points for x") as caught:
        Scorer(cast("ForkServer", server), COURSE, COURSE.assignment(NAME))
    server.join()
    assert caught.value.tip == "Write it."


def test_scorer_that_is_ended_at_its_start_is_the_machines_trouble() -> None:
    """Its host says how."""
    server = FakeServer([], opening=ended(signal.SIGKILL))
    with pytest.raises(SandboxError, match="signal 9"):
        Scorer(cast("ForkServer", server), COURSE, COURSE.assignment(NAME))
    server.join()
