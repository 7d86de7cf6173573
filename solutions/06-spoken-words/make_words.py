"""Speak the words of 06-spoken-words, and write them down as log-mel spectrograms.

python solutions/06-spoken-words/make_words.py

It writes `autograder/datasets/words.npz` (public voices) and `held_out.npz` beside this file
(private voices). espeak-ng 1.51 gives the same files each time; another version may speak
otherwise. It takes a minute.
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

PRIVATE = Path(__file__).resolve().with_name("held_out.npz")
PUBLIC = PRIVATE.parents[2] / "autograder" / "datasets" / "words.npz"

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
PRIVATE_SPEAKERS = (
    "m1", "m7", "f2", "f5", "croak", "whisperf", "Andy", "Gene", "Lee", "Mario", "Mr serious",
    "Nguyen", "Storm", "Tweaky", "announcer", "antonio", "boris", "grandpa", "john", "marcelo",
    "norbert", "pablo", "paul", "pedro", "quincy", "rob", "shelby", "zac",
)
# fmt: on
"""Voice variants of espeak-ng, each of which speaks one accent; no two of them are twins."""
TAKES = 3
"""How often a voice says each word, at another speed and pitch."""
SPEEDS = (120, 210)
"""Words a minute."""
PITCHES = (25, 75)
"""espeak-ng's own scale, 0 to 99."""

RATE = 22_050
"""Samples a second, as espeak-ng writes them."""
FRAMES, MEL_BINS = 32, 20
HOP = 551
"""Samples from one frame to the next: 25 ms."""
WINDOW = 1_024
"""Samples that one frame looks at: 46 ms."""
FREQUENCIES = (80.0, 7_600.0)
"""Hertz, from the lowest mel bin's foot to the highest one's."""
RANGE = 60.0
"""Decibels below the clip's loudest value that still count; all below is 0."""
QUIET = 0.02
"""Share of the largest amplitude that counts as silence before and after a word."""
LATEST = 0.15
"""Seconds of silence, at most, before a word begins."""
NOISE = (20.0, 40.0)
"""Decibels that the background noise lies below the word, from noisy room to quiet."""

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
        (PRIVATE, PRIVATE_SPEAKERS, len(PUBLIC_SPEAKERS)),
    ):
        clips, words, voices = record(speakers, first)
        np.savez_compressed(path, clips=clips, words=words, voices=voices)
        print(f"{path.name}: {len(clips)} clips, {path.stat().st_size:,} bytes")


def record(
    speakers: tuple[str, ...], first: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Let each speaker say each word a few times.

    Args:
        speakers: Names of espeak-ng's voice variants.
        first: Number of the first of these voices.

    Returns:
        Spectrograms, shape (clips, frames, mel_bins), 0 (silence) to 255 (loudest); the number of
        each clip's word, shape (clips,); the number of its voice, shape (clips,).
    """
    clips, words, voices = [], [], []
    for (voice, speaker), (number, word), take in itertools.product(
        enumerate(speakers, start=first), enumerate(WORDS), range(TAKES)
    ):
        draw = np.random.default_rng(_seed(f"{speaker}/{word}/{take}"))
        sound = say(
            word,
            f"{ACCENTS[voice % len(ACCENTS)]}+{speaker}",
            int(draw.integers(*SPEEDS, endpoint=True)),
            int(draw.integers(*PITCHES, endpoint=True)),
        )
        clips.append(log_mel(in_a_room(sound, draw)))
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
        speed: Words a minute.
        pitch: 0 to 99.

    Returns:
        Amplitudes in [-1, 1), shape (samples,), at `RATE`.
    """
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    start = wav.index(b"data") + 8  # the length that follows "data" is a guess when piped
    return np.frombuffer(wav[start : start + (len(wav) - start) // 2 * 2], "<i2") / 32_768


def in_a_room(sound: Sound, draw: np.random.Generator) -> Sound:
    """Cut the silence around a word, let it begin a little later, and add noise.

    Args:
        sound: One word, shape (samples,).
        draw: Decides on delay and noise.

    Returns:
        Amplitudes, shape (samples,), of the length that `log_mel` takes.
    """
    loud = np.flatnonzero(np.abs(sound) > QUIET * np.abs(sound).max())
    word = sound[loud[0] : loud[-1] + 1]
    delay = WINDOW // 2 + int(draw.uniform(0, LATEST) * RATE)
    room = np.zeros((FRAMES - 1) * HOP + WINDOW)
    room[delay : delay + len(word)] = word[: len(room) - delay]
    level = np.sqrt(np.mean(word**2)) * 10 ** (-draw.uniform(*NOISE) / 20)
    return room + draw.normal(0, level, len(room))


def log_mel(sound: Sound) -> NDArray[np.uint8]:
    """How loud a sound is, by time and pitch.

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
    return np.round(255 * np.clip(1 + decibels / RANGE, 0, 1)).astype(np.uint8)


def mel_filters() -> Sound:
    """Triangles that overlap by half and are equally wide on the mel scale.

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
