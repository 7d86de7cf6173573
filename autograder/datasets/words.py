"""Spoken words: spectrograms of eight words that 36 synthetic voices say; source in SOURCES.md.

28 more voices stay with the grader, beside the source notebook.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORDS = ("yes", "no", "up", "down", "left", "right", "stop", "go")
"""The words; a word's number is its place in this list."""
FRAMES, MEL_BINS = 32, 20
FRAME_SECONDS = 0.025
"""From one frame to the next."""
RANGE = 60.0
"""Decibels from the quietest value in the file, 0, to the loudest, 255."""
MIDDLE = -40.0
"""Decibels, against the clip's loudest value, that the loader calls 0; about the average."""
UNIT = 15.0
"""Decibels that the loader calls 1; about the standard deviation."""
PUBLIC_CLIPS = Path(__file__).with_name("words.npz")


def spoken_words(
    clips: Path = PUBLIC_CLIPS,
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Clips of eight words, each said three times by each voice, at other speeds and pitches.

    A clip is a spectrogram: how loud the sound is at each moment and pitch. Frames follow one
    another every 25 ms; mel bins go from low to high, 80 Hz to 7.6 kHz, as the ear spaces them.

    Args:
        clips: A file with the arrays of words.npz.

    Returns:
        Clips, shape (clips, 32, 20), float32: 0 is 40 dB below the clip's loudest sound, and 1
        more is 15 dB louder. The number of each clip's word, shape (clips,), int64, a place in
        `WORDS`. The number of the voice that says it, shape (clips,), int64.

    Raises:
        OSError: If the file cannot be read.
        KeyError: If an array is missing.
        ValueError: If it is no file of plain arrays.
    """
    with np.load(clips, allow_pickle=False) as file:
        decibels = (file["clips"].astype(np.float32) / 255 - 1) * RANGE
        words, voices = (file[name].astype(np.int64) for name in ("words", "voices"))
    return (decibels - MIDDLE) / UNIT, words, voices
