"""The page of a class of thousands quotes the raw figures, and the tool measures what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.large_class import __main__ as large_class
from tools.large_class import command as large_class_command
from tools.large_class import page as large_class_page
from tools.large_class.page import (
    PAGE,
    RESULTS,
    curve_table,
    each,
    figures_in,
    page_figures,
    real_table,
)


def mark(graded: int, cpu: float, megabytes: float = 150, run: int = 1) -> dict[str, float]:
    """What is noted after so many submissions."""
    return {"graded": graded, "cpu_s": cpu, "mb": megabytes, "run": run}


def test_page_quotes_the_committed_figures() -> None:
    """docs/performance.md shows what large-classes.json says, and nothing else."""
    assert figures_in(PAGE.read_text()) == page_figures(json.loads(RESULTS.read_text()))


def test_what_a_run_repeats_of_the_one_before_counts_for_nobody() -> None:
    """A run that continues has another clock, and skips what is graded."""
    marks = [mark(100, 10), mark(200, 15), mark(300, 90, run=2), mark(400, 96, run=2)]
    assert each(marks) == [(200, 0.05), (400, 0.06)]


def test_table_has_a_row_for_each_thousand() -> None:
    """The mean of its submissions, and the memory at its end."""
    marks = [mark(900, 0), mark(1000, 5), mark(1100, 11, 160), mark(1200, 19, 170)]
    assert curve_table(marks)[2:] == ["| 1,000 | 50.0 | 150 |", "| 2,000 | 70.0 | 170 |"]


def test_real_submissions_have_a_row_for_each_hundred() -> None:
    """With wall time, and the memory of the grader."""
    marks = [
        {"graded": n, "cpu_s": n * 1.5, "wall_s": n * 0.75, "grader_mb": 140, "run": 1}
        for n in (50, 75, 100)
    ]
    assert real_table(marks)[2:] == ["| 100 | 1.50 | 0.75 | 140 |"]


def test_tool_that_was_stopped_measures_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each figure is on disk before the next; what is there is not measured again."""
    results, ran = tmp_path / "results.json", []

    def run(_folder: Path, command: str, *_: str) -> dict[str, float]:
        if command == "report":
            raise KeyboardInterrupt
        ran.append(command)
        (tmp_path / large_class_command.MARKS).write_text(json.dumps(mark(100, 5)) + "\n")
        return {"cpu_s": 1.0, "peak_mb": 100.0}

    def nothing(*_: Any) -> None:
        """Prepare no class."""

    for name in ("record_grades", "hand_in", "fill_other_assignments"):
        monkeypatch.setattr(large_class, name, nothing)
    monkeypatch.setattr(large_class, "_nbgrader_export", lambda _: ("nbgrader", "export"))
    monkeypatch.setattr(large_class, "run", run)
    with pytest.raises(KeyboardInterrupt):
        large_class.curve(tmp_path, [100], results)
    assert ran == ["grade"] * 3
    assert large_class.load(results)["curve"] == [mark(100, 5)]
    monkeypatch.setitem(large_class._COMMANDS, "report", ("feedback",))
    ran.clear()
    large_class.curve(tmp_path, [100], results)
    assert ran[:2] == ["grade", "feedback"]
    assert ran[-1] == "nbgrader"
    ran.clear()
    large_class.curve(tmp_path, [100], results)
    assert ran == []


def test_picture_shows_cpu_and_memory(tmp_path: Path) -> None:
    """Over the number of submissions."""
    path = tmp_path / "curve.svg"
    large_class_page.draw([mark(100, 5), mark(200, 9)], path)
    text = path.read_text()
    assert "CPU ms each" in text
    assert "submissions graded" in text
