"""Fingerprints of code: hashes of short runs of tokens, a few of which stand for the whole.

Source:
    Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting",
    SIGMOD 2003, which MOSS uses.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from copydetect.utils import winnow

from autograder.similarity.tokens import Tokens

RUN = 6
"""Tokens in a run."""
WINDOW = 4
"""Of so many runs that follow one another, one is a fingerprint: what two answers share in nine
tokens or more is always seen."""
_DIGEST_BYTES = 6  # winnowing compares them as float64, which is exact up to 2**53

Place = tuple[int, int, int]
"""The number of a cell, and from where to where in it, in characters."""


def fingerprints(tokens: Tokens) -> frozenset[int]:
    """The fingerprints of an answer: the same in each process, on each machine."""
    chosen: set[int] = set()
    for cell in _runs(tokens):
        hashes = np.array([digest for digest, _ in cell], dtype=np.int64)
        if len(hashes) >= WINDOW:
            chosen.update(winnow(hashes, WINDOW)[0].tolist())
        elif len(hashes):
            chosen.add(int(hashes.min()))
    return frozenset(chosen)


def all_runs(tokens: Tokens) -> Mapping[int, list[Place]]:
    """Where each run of tokens is, those too that are not fingerprints."""
    places: dict[int, list[Place]] = defaultdict(list)
    for cell in _runs(tokens):
        for digest, place in cell:
            places[digest].append(place)
    return places


def _runs(tokens: Tokens) -> Iterator[list[tuple[int, Place]]]:
    for number, cell in enumerate(tokens.cells):
        yield [
            (
                _digest("\0".join(token.text for token in cell[first : first + RUN])),
                (number, cell[first].start, cell[first + RUN - 1].end),
            )
            for first in range(len(cell) - RUN + 1)
        ]


def _digest(text: str) -> int:
    data = text.encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest(), "big")
