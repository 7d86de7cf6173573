"""Measures that checks share: what the weights say, and how it is written in a message."""

from __future__ import annotations

import itertools

import numpy as np

from autograder.training import FloatArray, TrainingRun


def loss_curve(run: TrainingRun) -> list[float]:
    """Loss on the training data before training and after each epoch, while it is finite."""
    curve = [run.training_loss(run.given.initial_weights)]
    for weights in run.observed.epoch_weights:
        if weights is None:
            break
        curve.append(run.training_loss(weights))
    return curve


def history_gap(
    curve: list[float], reported: list[float | None], *, diverged: bool
) -> float | None:
    """How far the reported losses lie outside what the weights allow, relative to the first loss.

    While an epoch runs, the loss moves from the value before it to the value after it; the
    reported one is their average over the batches. None if more epochs are reported than ran, or
    a loss is reported as no number while the weights are numbers. Where training diverged, the
    weights of the last epochs are no numbers, and nothing can be compared.
    """
    if len(reported) > len(curve) - 1:
        return 0.0 if diverged else None
    ends = list(itertools.pairwise(curve))[-len(reported) :]
    gaps = [
        max(min(end) - value, value - max(end), 0.0)
        for value, end in zip(reported, ends, strict=True)
        if value is not None
    ]
    if len(gaps) < len(reported):
        return None
    return float(np.mean(gaps)) / curve[0] if gaps else None


def shape_hint(read: FloatArray, now: list[FloatArray], names: tuple[str, ...]) -> str:
    """Which array it is that was returned instead of the first kernel."""
    for name, array in list(zip(names, now, strict=True))[1:]:
        if read.shape == array.shape and np.allclose(read, array):
            return f"That is the {name}: the first layer's kernel is get_weights()[0] of layer 0."
    return "Take the kernel alone: layer.get_weights()[0] of the first layer that has weights."


def change_hint(pairs: list[tuple[FloatArray, FloatArray]], changes: list[float | None]) -> str:
    """Which other measure it is that was returned."""
    moves = [after - before for before, after in pairs]
    others = {
        "Take the absolute value before the largest: np.abs(after - before).max().": [
            [float(m.max()) for m in moves],
            [float((-m).max()) for m in moves],
            [abs(float(m.max())) for m in moves],
            [float(m.min()) for m in moves],
        ],
        "The largest change is asked for, not the mean: np.abs(after - before).max().": [
            [float(np.abs(m).mean()) for m in moves],
            [float(m.mean()) for m in moves],
            [abs(float(m.mean())) for m in moves],
        ],
        "The largest change is asked for, not the sum or the norm.": [
            [float(np.abs(m).sum()) for m in moves],
            [float(np.linalg.norm(m)) for m in moves],
        ],
    }
    for hint, measures in others.items():
        if any(len(changes) == len(m) and same_numbers(changes, m) for m in measures):
            return hint
    if len(changes) != len(pairs):
        return f"Give one number for each of the {len(pairs)} arrays, not {len(changes)}."
    return "For each pair of arrays: float(np.abs(after - before).max())."


def softmax(values: FloatArray) -> FloatArray:
    """Exponentials of each row, scaled to sum to 1; shape (samples, classes)."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def same_numbers(found: list[float | None], right: list[float]) -> bool:
    """Whether two lists of one length agree to four digits; None agrees with nothing."""
    return all(
        value is not None and np.isclose(value, wanted, rtol=1e-4, atol=1e-6)
        for value, wanted in zip(found, right, strict=True)
    )


def shown(values: list[float | None] | list[float]) -> str:
    """Numbers in a message: "0.412, NaN, 0.100"."""
    return ", ".join("NaN" if value is None else f"{value:.3f}" for value in values) or "nothing"


def listed(names: list[str]) -> str:
    """Names in a message."""
    return ", ".join(names)
