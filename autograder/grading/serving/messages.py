"""What a client and a server tell each other, besides those of `delegation`."""

from __future__ import annotations

from autograder.grading.delegation import RemoteSubmission
from autograder.wire import Message, PackedSeeds


class Hello(Message):
    """What a client wants to have graded.

    Attributes:
        assignment: The assignment's name.
        seeds_kind: What the seeds are for.
        seeds: The fingerprint of the seeds that the requests will bring.
    """

    assignment: str
    seeds_kind: str
    seeds: str


class Welcome(Message):
    """How a server grades; a client that would grade otherwise does not use it.

    Attributes:
        package_sha256: Digest of the package's code when the server started.
        course_sha256: Digest of everything that decides a mark besides the submission.
        tier: How submissions are confined.
        environment: Versions that results depend on.
    """

    package_sha256: str
    course_sha256: str
    tier: str
    environment: dict[str, str]


class GradeRequest(Message):
    """Grade one submission.

    Attributes:
        submission: The submission.
        seeds: Its seeds.
        fingerprint: Their fingerprint.
        reference: Whether the client compares computing times with the course's own solution's.
        explained: Whether to look for causes, and to describe the training.
    """

    submission: RemoteSubmission
    seeds: PackedSeeds
    fingerprint: str
    reference: bool
    explained: bool


class ProveMachine(Message):
    """Grade the course's own solution, which must get full marks."""


class MachineProved(Message):
    """It got full marks."""


class Working(Message):
    """The answer takes longer, and the server is alive."""
