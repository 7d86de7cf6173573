"""Spoken words: spectrograms of eight words, said by 36 synthetic voices; see SOURCES.md.

Only the grader has another 28 voices.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORDS = ("yes", "no", "up", "down", "left", "right", "stop", "go")
"""The words; a word's number is its index here."""
FRAMES, MEL_BINS = 32, 20
FRAME_SECONDS = 0.025
"""Time from one frame to the next."""
RANGE = 60.0
"""Decibels from the quietest value in the file, 0, to the loudest, 255."""
MIDDLE = -40.0
"""Decibels, relative to the clip's loudest value, that become 0; about the average."""
UNIT = 15.0
"""Decibels that become 1; about the standard deviation."""
PUBLIC_CLIPS = Path(__file__).with_name("words.npz")


def spoken_words(
    clips: Path = PUBLIC_CLIPS,
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Load clips of eight words; each voice says each word three times, at different speeds.

    A clip is a spectrogram: how loud the sound is at each moment and pitch. There is a frame every
    25 ms; mel bins go from low to high, 80 Hz to 7.6 kHz, spaced as the ear hears them.

    Args:
        clips: A file with the arrays of words.npz.

    Returns:
        Clips, shape (clips, 32, 20), float32: 0 is 40 dB below the clip's loudest sound, and 1
        more is 15 dB louder. The number of each clip's word, shape (clips,), int64, an index of
        `WORDS`. The number of the voice that says it, shape (clips,), int64.

    Raises:
        OSError: If the file cannot be read.
        KeyError: If an array is missing.
        ValueError: If it is not a file of plain arrays.
    """
    with np.load(clips, allow_pickle=False) as file:
        decibels = (file["clips"].astype(np.float32) / 255 - 1) * RANGE
        words, voices = (file[name].astype(np.int64) for name in ("words", "voices"))
    return (decibels - MIDDLE) / UNIT, words, voices
