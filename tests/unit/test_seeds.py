"""Each submission has seeds of its own, and nothing that is shown tells them."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import pytest

from autograder.course import FixedSeeds, KeyedSeeds, Seeds, course_key
from autograder.errors import CourseError
from autograder.wire import Prepare, unpack

KEY = bytes(range(32))
ADA, BOB = hashlib.sha256(b"ada").hexdigest(), hashlib.sha256(b"bob").hexdigest()
SOURCE = KeyedSeeds(KEY, "01-first-training")


def values(seeds: Seeds) -> list[int]:
    """The seeds as numbers."""
    return [seed for _, seed in seeds]


def test_same_file_gets_the_same_seeds() -> None:
    """Graded again, even by another process, a submission trains as before."""
    assert KeyedSeeds(KEY, "01-first-training").seeds(ADA) == SOURCE.seeds(ADA)


def test_each_use_submission_assignment_and_key_has_seeds_of_its_own() -> None:
    """No number of one training is of use in another one."""
    sources = [SOURCE, KeyedSeeds(KEY, "02-house-prices"), KeyedSeeds(KEY[::-1], SOURCE.assignment)]
    seeds = [seed for s in sources for sha256 in (ADA, BOB) for seed in values(s.seeds(sha256))]
    assert len(set(seeds)) == len(seeds) == 24


def test_seeds_have_128_bits() -> None:
    """They cannot be found by trying, and NumPy takes them all."""
    largest = max(max(values(SOURCE.seeds(str(number)))) for number in range(100))
    assert 2**120 < largest < 2**128


def test_seeds_are_the_documented_hmac() -> None:
    """An independent computation of RFC 2104 gives the same seeds."""
    text = f"held_out/01-first-training/{ADA}".encode()
    expected = hmac.new(KEY, text, hashlib.sha256).digest()[:16]
    assert SOURCE.seeds(ADA).held_out == int.from_bytes(expected, "big")


def test_fingerprint_is_keyed() -> None:
    """Who knows a submission and guesses its seeds cannot prove it by the fingerprint."""
    fingerprints = {
        source.fingerprint(sha256)
        for source in (SOURCE, KeyedSeeds(KEY[::-1], SOURCE.assignment))
        for sha256 in (ADA, BOB, "")
    }
    assert len(fingerprints) == 6
    assert all(len(bytes.fromhex(fingerprint)) == 6 for fingerprint in fingerprints)
    assert FixedSeeds(SOURCE.seeds(ADA)).fingerprint() not in fingerprints
    shown = SOURCE.fingerprint(ADA)
    assert not any(shown in f"{seed:032x}" for seed in values(SOURCE.seeds(ADA)))


def test_practice_seeds_are_the_same_for_everybody() -> None:
    """Students know them, and compare notes."""
    seeds = Seeds(initial_weights=1, training_draw=2, held_out=3, shuffling=4)
    source = FixedSeeds(seeds)
    assert source.seeds(ADA) == source.seeds(BOB) == seeds
    assert (source.kind, SOURCE.kind) == ("practice", "grading")


def test_seeds_cross_the_wire_whole() -> None:
    """128 bits are more than the codec's integers have."""
    largest = Seeds(**dict.fromkeys(Seeds.model_fields, 2**128 - 1))
    assert unpack(Prepare(seeds=largest).pack(), Prepare).seeds == largest


def test_course_key_is_made_once_and_private(tmp_path: Path) -> None:
    """The first use makes 32 random bytes that only the owner reads; later ones read them."""
    path = tmp_path / "course.key"
    key = course_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert course_key(path) == key
    assert [entry.name for entry in tmp_path.iterdir()] == ["course.key"]


@pytest.mark.parametrize("text", ["", "no key", "00" * 31, "é" * 64])
def test_file_that_is_no_key_is_refused(text: str, tmp_path: Path) -> None:
    """It is neither used nor replaced: a new key would grade with other seeds."""
    path = tmp_path / "course.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"course\.key"):
        course_key(path)
    assert path.read_text(encoding="utf-8") == text
