"""Speak the words of 06-spoken-words, and save them as log-mel spectrograms.

python solutions/06-spoken-words/grading/make_words.py

It writes `words.npz` beside the notebook (public voices), and `held_out.npz` beside this file
(voices that only the grader has). espeak-ng 1.51 makes the same files each time; other versions
may speak differently. It takes a minute.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HELD_OUT = Path(__file__).resolve().with_name("held_out.npz")
PUBLIC = HELD_OUT.parents[1] / "words.npz"

WORDS = ("yes", "no", "up", "down", "left", "right", "stop", "go")
ACCENTS = (
    "en-gb",
    "en-us",
    "en-gb-scotland",
    "en-gb-x-rp",
    "en-gb-x-gbclan",
    "en-gb-x-gbcwmd",
    "en-029",
)
# fmt: off
PUBLIC_SPEAKERS = (
    "m2", "m3", "m4", "m5", "m6", "m8", "f1", "f3", "f4", "whisper", "klatt2", "caleb", "Alex",
    "Andrea", "Annie", "AnxiousAndy", "Denis", "Diogo", "Jacky", "Marco", "Michael", "Mike",
    "aunty", "belinda", "benjamin", "david", "ed", "grandma", "gustave", "iven3", "kaukovalta",
    "max", "michel", "steph", "travis", "victor",
)
HELD_OUT_SPEAKERS = (
    "m1", "m7", "f2", "f5", "croak", "whisperf", "Andy", "Gene", "Lee", "Mario", "Mr serious",
    "Nguyen", "Storm", "Tweaky", "announcer", "antonio", "boris", "grandpa", "john", "marcelo",
    "norbert", "pablo", "paul", "pedro", "quincy", "rob", "shelby", "zac",
)
# fmt: on
"""Voice variants of espeak-ng, each of which speaks one accent; no two sound nearly the same."""
TAKES = 3
"""How often a voice says each word, at different speeds and pitches."""
SPEEDS = (120, 210)
"""Words per minute."""
PITCHES = (25, 75)
"""espeak-ng's own scale, 0 to 99."""

RATE = 22_050
"""Samples per second, as espeak-ng writes them."""
FRAMES, MEL_BINS = 32, 20
HOP = 551
"""Samples from one frame to the next: 25 ms."""
WINDOW = 1_024
"""Samples in one frame: 46 ms."""
FREQUENCIES = (80.0, 7_600.0)
"""Hertz, from the lower edge of the lowest mel bin to the upper edge of the highest."""
RANGE = 60.0
"""Decibels from the quietest value that counts to the clip's loudest; anything below is 0."""
QUIET = 0.02
"""Share of the largest amplitude below which the start and end of a word are silence."""
LATEST = 0.15
"""Seconds of silence, at most, before a word begins."""
NOISE = (20.0, 40.0)
"""Decibels by which the background noise is quieter than the word, from noisy to quiet."""

Sound = NDArray[np.float64]


def main() -> None:
    """Write both files."""
    if shutil.which("espeak-ng") is None:
        sys.exit(
            "ERROR espeak-ng is not installed.\n"
            "TIP   Debian and Ubuntu: apt-get install espeak-ng. macOS: brew install espeak-ng."
        )
    for path, speakers, first in (
        (PUBLIC, PUBLIC_SPEAKERS, 0),
        (HELD_OUT, HELD_OUT_SPEAKERS, len(PUBLIC_SPEAKERS)),
    ):
        clips, words, voices = record(speakers, first)
        np.savez_compressed(path, clips=clips, words=words, voices=voices)
        print(f"{path.name}: {len(clips)} clips, {path.stat().st_size:,} bytes")  # noqa: T201 - a script


def record(
    speakers: tuple[str, ...], first: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Record each speaker saying each word a few times.

    Args:
        speakers: Names of espeak-ng's voice variants.
        first: The number of the first voice.

    Returns:
        Spectrograms, shape (clips, frames, mel_bins), 0 (silence) to 255 (loudest); the number of
        each clip's word, shape (clips,); the number of its voice, shape (clips,).
    """
    clips, words, voices = [], [], []
    for (voice, speaker), (number, word), take in itertools.product(
        enumerate(speakers, start=first), enumerate(WORDS), range(TAKES)
    ):
        rng = np.random.default_rng(_seed(f"{speaker}/{word}/{take}"))
        sound = say(
            word,
            f"{ACCENTS[voice % len(ACCENTS)]}+{speaker}",
            int(rng.integers(*SPEEDS, endpoint=True)),
            int(rng.integers(*PITCHES, endpoint=True)),
        )
        clips.append(log_mel(add_background(sound, rng)))
        words.append(number)
        voices.append(voice)
    return np.stack(clips), np.array(words, np.uint8), np.array(voices, np.uint8)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def say(word: str, voice: str, speed: int, pitch: int) -> Sound:
    """Speak one word.

    Args:
        word: What to say.
        voice: Accent and speaker, such as "en-gb+f3".
        speed: Words per minute.
        pitch: 0 to 99.

    Returns:
        Amplitudes in [-1, 1), shape (samples,), at `RATE`.
    """
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    wav = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - our words
    start = wav.index(b"data") + 8  # the length that follows "data" is a guess when piped
    return np.frombuffer(wav[start : start + (len(wav) - start) // 2 * 2], "<i2") / 32_768


def add_background(sound: Sound, rng: np.random.Generator) -> Sound:
    """Cut the silence around a word, delay it a little, and add noise.

    Args:
        sound: One word, shape (samples,).
        rng: The random generator for delay and noise.

    Returns:
        Amplitudes, shape (samples,), as long as `log_mel` expects.
    """
    loud = np.flatnonzero(np.abs(sound) > QUIET * np.abs(sound).max())
    word = sound[loud[0] : loud[-1] + 1]
    delay = WINDOW // 2 + int(rng.uniform(0, LATEST) * RATE)
    clip = np.zeros((FRAMES - 1) * HOP + WINDOW)
    clip[delay : delay + len(word)] = word[: len(clip) - delay]
    level = np.sqrt(np.mean(word**2)) * 10 ** (-rng.uniform(*NOISE) / 20)
    return clip + rng.normal(0, level, len(clip))


def log_mel(sound: Sound) -> NDArray[np.uint8]:
    """The log-mel spectrogram: how loud a sound is, by time and pitch.

    Args:
        sound: Amplitudes, shape (samples,).

    Returns:
        Shape (frames, mel_bins): 255 is the loudest, 0 is `RANGE` decibels below it or less.

    Source:
        The mel scale of O'Shaughnessy, 2595 log10(1 + f/700), with triangular filters as in HTK.
    """
    start = np.arange(FRAMES)[:, np.newaxis] * HOP
    frames = sound[start + np.arange(WINDOW)] * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(frames)) ** 2 @ mel_filters().T
    decibels = 10 * np.log10(np.maximum(power / power.max(), 1e-12))
    loudness: NDArray[np.uint8] = np.round(255 * np.clip(1 + decibels / RANGE, 0, 1)).astype(
        np.uint8
    )
    return loudness


def mel_filters() -> Sound:
    """Triangular filters that overlap by half and are equally wide on the mel scale.

    Returns:
        Shape (mel_bins, WINDOW // 2 + 1).
    """
    lowest, highest = (2_595 * np.log10(1 + f / 700) for f in FREQUENCIES)
    edges = 700 * (10 ** (np.linspace(lowest, highest, MEL_BINS + 2) / 2_595) - 1)
    left, middle, right = (edges[i : i + MEL_BINS, np.newaxis] for i in range(3))
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    rising, falling = (
        (frequencies - left) / (middle - left),
        (right - frequencies) / (right - middle),
    )
    return np.maximum(0, np.minimum(rising, falling))


if __name__ == "__main__":
    main()
