"""What crosses process boundaries: one codec, and one typed message for each purpose.

Nothing here builds an object of the sender's choosing. Bytes from a sandbox are decoded by
`decode` and then validated by a strict schema; messages between our own processes are `Message`s.
"""

from __future__ import annotations

from autograder.wire.channel import length_prefixed, receive, send, split_messages
from autograder.wire.codec import (
    LONGEST_PART,
    NONCE_BYTES,
    REPLY_LIMIT,
    RUNNING,
    decode,
    encode,
    frame,
    part_that_ran,
    unframe,
)
from autograder.wire.messages import (
    Described,
    DescribeTraining,
    Ended,
    Failed,
    Job,
    Message,
    OpenScorer,
    PackedSeeds,
    PredictionsNeeded,
    Prepare,
    Prepared,
    Ready,
    RunRequest,
    Scored,
    ScoreRequest,
    ScorerReady,
    SelfTested,
    SelfTestJob,
    ServeRequest,
    Start,
    Started,
    Void,
    unpack,
)

__all__ = [
    "LONGEST_PART",
    "NONCE_BYTES",
    "REPLY_LIMIT",
    "RUNNING",
    "DescribeTraining",
    "Described",
    "Ended",
    "Failed",
    "Job",
    "Message",
    "OpenScorer",
    "PackedSeeds",
    "PredictionsNeeded",
    "Prepare",
    "Prepared",
    "Ready",
    "RunRequest",
    "ScoreRequest",
    "Scored",
    "ScorerReady",
    "SelfTestJob",
    "SelfTested",
    "ServeRequest",
    "Start",
    "Started",
    "Void",
    "decode",
    "encode",
    "frame",
    "length_prefixed",
    "part_that_ran",
    "receive",
    "send",
    "split_messages",
    "unframe",
    "unpack",
]
