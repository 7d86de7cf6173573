"""Proof, before a class is graded, that the fast way of training changes no result."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

from autograder.errors import SandboxError, WireError
from autograder.grading.grade import Grader
from autograder.sandbox import wire
from autograder.submissions import Submission


def fastest_proved(grader: Grader, reference: Submission) -> Grader:
    """Train the course's own solution both ways, and keep the fast one if nothing differs.

    Args:
        grader: A grader that trains the plain way.
        reference: The source version, read as a submission.

    Returns:
        A grader that trains fast if weights, history and all else that came out of the sandbox
        are equal to the last bit; otherwise the one that was given.
    """
    fast = dataclasses.replace(grader, fast=True)
    with ThreadPoolExecutor(2) as pool:
        plainly, fastly = pool.map(lambda way: _payload(way, reference), (grader, fast))
    return fast if plainly is not None and plainly == fastly else grader


def _payload(grader: Grader, reference: Submission) -> bytes | None:
    try:
        completed, nonce = grader.run(reference)
        return wire.unframe(nonce, completed.reply)
    except (SandboxError, WireError):
        return None
