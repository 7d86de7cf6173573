"""Measure what docs/scale.md calculates with: the client's computing per submission on a cluster.

python -m tools.machines.cluster_figures    # docs/figures/scale.json, which docs/scale.md quotes

It is the difference between a larger and a smaller class, in CPU seconds of the client's process,
so start-up does not count. One worker in the same process makes the Grades up.
"""

from __future__ import annotations

import json
import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from courses import NAME
from fake_cluster import use_cluster
from fake_grader import FakeClass

from autograder.grading import Options, grade
from tools import FIGURES

MADE_UP = (20, 220)


def main() -> None:
    """Measure, and write the figure."""
    figures = {"client_cpu_s": round(difference(made_up, MADE_UP), 4), "students": MADE_UP}
    (FIGURES / "scale.json").write_text(json.dumps(figures) + "\n")
    print(json.dumps(figures))


def difference(measure: Callable[[int], float], sizes: tuple[int, int]) -> float:
    """CPU seconds of one more submission."""
    small, large = sizes
    return (measure(large) - measure(small)) / (large - small)


def made_up(students: int) -> float:
    """CPU seconds of a client whose worker makes Grades up."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        group = FakeClass(Path(folder), patch)
        group.hand_in(*(f"s{number:04}" for number in range(students)))
        options = Options(scheduler=use_cluster(patch), workers=8)
        before = _cpu()
        grades = grade(group.course, NAME, options, on_notice=lambda _: None)
        assert len(grades) == students
        return _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
