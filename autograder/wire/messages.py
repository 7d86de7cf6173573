"""Every message between our own processes.

| from | to | messages |
|---|---|---|
| grader | fork server | `Start`, then `RunRequest` and `ServeRequest` |
| fork server | grader | `Ready`, or `Failed` |
| grader | process in the sandbox | `Job`, or `SelfTestJob` |
| process in the sandbox, before student code | grader | `Started` |
| supervisor | grader | `Ended`, or `Failed` |
| grader | scorer | `OpenScorer`, then `Prepare` and `ScoreRequest`s |
| scorer | grader | `ScorerReady`, then `Prepared`; `Scored`, `PredictionsNeeded` or `Void` |
| grader | scorer | `DescribeTraining`, after `Scored` |
| scorer | grader | `Described` or `Void` |
| scorer | grader | `Failed` |
| host of a scorer | grader | `Ended` |

A submission's reply is not a message: it is untrusted bytes, see `codec`.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar, overload

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError

from autograder.course import Assignment, Limits, Seeds
from autograder.errors import WireError
from autograder.results import TrainingSummary, Verdict
from autograder.submissions import Cell
from autograder.wire.codec import decode, encode


class Message(BaseModel):
    """Base of all messages: frozen, with no fields that the other side does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def pack(self) -> bytes:
        """The message as bytes, which `unpack` reads."""
        return encode([type(self).__name__, self.model_dump()])


def _packed(seeds: Seeds) -> dict[str, str]:
    return {purpose: f"{seed:x}" for purpose, seed in seeds}


def _unpacked(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {
        purpose: int(seed, 16) if isinstance(seed, str) else seed for purpose, seed in value.items()
    }


PackedSeeds = Annotated[Seeds, PlainSerializer(_packed), BeforeValidator(_unpacked)]
"""Seeds in hexadecimal, since the codec's integers have 64 bits."""

First = TypeVar("First", bound=Message)
Second = TypeVar("Second", bound=Message)
Third = TypeVar("Third", bound=Message)
Fourth = TypeVar("Fourth", bound=Message)


@overload
def unpack(data: bytes, kind: type[First], /) -> First: ...
@overload
def unpack(data: bytes, kind: type[First], other: type[Second], /) -> First | Second: ...
@overload
def unpack(
    data: bytes, kind: type[First], other: type[Second], third: type[Third], /
) -> First | Second | Third: ...
@overload
def unpack(
    data: bytes,
    kind: type[First],
    other: type[Second],
    third: type[Third],
    fourth: type[Fourth],
    /,
) -> First | Second | Third | Fourth: ...
@overload
def unpack(data: bytes, /, *kinds: type[Message]) -> Message: ...
def unpack(data: bytes, /, *kinds: type[Message]) -> Message:
    """Read a message.

    Args:
        data: From `Message.pack`.
        kinds: The messages that are expected.

    Returns:
        The message.

    Raises:
        WireError: If the bytes are none of these messages.
    """
    value = decode(data)
    name, fields = value if isinstance(value, list) and len(value) == 2 else (None, None)  # noqa: PLR2004 - name and fields
    for kind in kinds:
        if kind.__name__ == name:
            try:
                return kind.model_validate(fields)
            except ValidationError as error:
                raise WireError(f"a {name} message is malformed: {error}") from error
    expected = " or ".join(kind.__name__ for kind in kinds)
    raise WireError(f"expected the message {expected}, got {name!r:.40}")


class Start(Message):
    """What a fork server imports before it forks.

    Attributes:
        modules: Modules of the programs that its forks run.
        preload: Further modules.
        loads: Pairs of a module and an argument: `load(argument)` is called after the imports.
    """

    modules: tuple[str, ...]
    preload: tuple[str, ...]
    loads: tuple[tuple[str, str], ...]


class Ready(Message):
    """A fork server has imported everything.

    Attributes:
        threads: Threads that it has; forks of a process with more than one could hang.
        memory: What bounds a submission's memory: "cgroup v1", "cgroup v2" or "watchdog".
        diagnostics: Why a tier is not available here: message and tip, by tier.
        environment: Versions that results depend on.
        tensorflow_build: "CPU" or "CUDA".
    """

    threads: int
    memory: str
    diagnostics: dict[str, tuple[str, str]]
    environment: dict[str, str]
    tensorflow_build: str


class Failed(Message):
    """One of our processes failed.

    Attributes:
        error: What went wrong.
        tip: One thing to do about it, or "".
    """

    error: str
    tip: str = ""


class RunRequest(Message):
    """Run one job in a confined fork; its descriptors are sent with the message.

    Attributes:
        program: The module whose `main` runs inside, such as "autograder.sandbox.self_test".
        tier: "full", "reduced" or "unsafe".
        wall_seconds: As in `sandbox.Limits`.
        memory_mb: As in `sandbox.Limits`.
        processes: As in `sandbox.Limits`.
        file_mb: As in `sandbox.Limits`.
    """

    program: str
    tier: str
    wall_seconds: float
    memory_mb: int
    processes: int
    file_mb: int


class ServeRequest(Message):
    """Fork a trusted process that serves the socket sent with the message.

    Attributes:
        program: The module whose `serve` it runs; it must never run student code.
    """

    program: str


class Started(Message):
    """A process in the sandbox is ready, and no student code has run yet.

    Attributes:
        environment: TensorFlow's settings, measured in that process.
    """

    environment: dict[str, str]


class Ended(Message):
    """How a process in the sandbox, or a trusted one, ended; from the process that forked it.

    Attributes:
        limit: The limit that it exceeded, such as "memory_mb", or "".
        exit_code: The exit code, or None if a signal ended it.
        signal: The signal, or None.
        cpu_seconds: User and system time of the process and its children.
        waited_seconds: How long its threads waited for a core although they could have run.
        peak_memory_mb: Largest resident size, in MiB.
    """

    limit: str
    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    waited_seconds: float = 0.0
    peak_memory_mb: int


class Job(Message):
    """One submission to run.

    Attributes:
        task: "perform" the exercise; "predict" with the model that the submission builds; or
            "trace": perform it, and reply with the train steps that it traced.
        nonce: What the reply must begin with.
        assignment: The assignment's name.
        given: The arguments of the student's functions, or `PredictionInputs`; encoded.
        fast: Whether to train with `exercises.fast_fit`.
        traced: Traced train steps to use: the reply to a "trace"; b"" for none.
        part_seconds: How long each cell and each step may run.
        left_out: Parts that ended an earlier run: for each how it was ended, what it did, and one
            thing to do.
        cells: The notebook's cells.
        files: The assignment's released files by path, for the working folder.
    """

    task: Literal["perform", "predict", "trace"] = "perform"
    nonce: bytes
    assignment: str
    given: bytes
    fast: bool
    traced: bytes = b""
    part_seconds: float
    left_out: dict[str, tuple[str, str, str]] = {}
    cells: tuple[Cell, ...]
    files: dict[str, bytes]


class SelfTestJob(Message):
    """What a self-test of the sandbox tries to reach.

    Attributes:
        canary: A file that every user of this machine can read.
        grader: The grader's process id.
    """

    canary: str
    grader: int


class SelfTested(Message):
    """The result of a self-test.

    Attributes:
        acts: Descriptions of the forbidden acts that were tried.
        breaches: Those that worked.
    """

    acts: tuple[str, ...]
    breaches: tuple[str, ...]


class OpenScorer(Message):
    """Start scoring submissions of one assignment.

    Attributes:
        assignment: The assignment.
        folder: Its folder.
        limits: What a submission may use.
        practice_seeds: The seeds that students know.
    """

    assignment: Assignment
    folder: str
    limits: Limits
    practice_seeds: PackedSeeds


class ScorerReady(Message):
    """A scorer has collected its checks."""


class Prepare(Message):
    """Draw the data of a submission.

    Attributes:
        seeds: Its seeds.
    """

    seeds: PackedSeeds


class Prepared(Message):
    """A scorer has drawn the data of a submission.

    Attributes:
        given: The arguments of the student's functions, encoded.
    """

    given: bytes


class ScoreRequest(Message):
    """Score one submission's reply.

    Attributes:
        seeds: The submission's seeds.
        nonce: The run's nonce.
        reply: Untrusted bytes from the sandbox.
        predictions: Nonce and untrusted bytes of a second run, once `PredictionsNeeded` asked for
            it; why that run gave none; or None.
        untouched: Solution cells that are as released; None if the submission has no cells.
        refused: Why its model is not evaluated, as message and tip; None evaluates it.
    """

    seeds: PackedSeeds
    nonce: bytes
    reply: bytes
    predictions: tuple[bytes, bytes] | str | None = None
    untouched: tuple[str, ...] | None
    refused: tuple[str, str] | None = None


class Scored(Message):
    """A scorer's answer.

    Attributes:
        verdicts: One verdict per check, in the rubric's order.
        outputs: Where the model's outputs came from: "rebuilt", "predicted", or "".
        notices: Which cells of the notebook did not run to their end, as sentences.
        signs: What is odd about the weights, as sentences.
        trained: Whether there is a training that `DescribeTraining` can describe.
        broken: The traceback of each check that raised an unexpected exception, by the check.
    """

    verdicts: tuple[Verdict, ...]
    outputs: str
    notices: tuple[str, ...]
    signs: tuple[str, ...] = ()
    trained: bool = False
    broken: dict[str, str] = {}


class PredictionsNeeded(Message):
    """A scorer's answer to a reply whose model only the submission's own code can build.

    Attributes:
        inputs: What the second run gets, encoded `PredictionInputs`.
    """

    inputs: bytes


class DescribeTraining(Message):
    """Describe the training of a reply that was scored; no mark depends on the answer.

    Attributes:
        seeds: The submission's seeds.
        nonce: The run's nonce.
        reply: Untrusted bytes from the sandbox.
        predictions: As in `ScoreRequest`.
        reference: Nonce and bytes of a run of the course's own solution with the same seeds; None
            describes the training by itself.
    """

    seeds: PackedSeeds
    nonce: bytes
    reply: bytes
    predictions: tuple[bytes, bytes] | str | None = None
    reference: tuple[bytes, bytes] | None = None


class Described(Message):
    """A scorer has described a training.

    Attributes:
        training: What the training did; None if there was none.
    """

    training: TrainingSummary | None


class Void(Message):
    """A scorer's answer to a reply that does not match the schema.

    Attributes:
        reason: What is wrong with it.
    """

    reason: str
