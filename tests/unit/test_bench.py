"""`make bench` keeps every run, continues where it stopped, and says what it extrapolated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.bench import __main__ as bench
from tools.bench import results as bench_results
from tools.bench.measure import Measured, descendants
from tools.bench.results import Results, Stage, class_table, load, page_figures, ratio_lines, save
from tools.bench.rivals import FLOOR, NBGRADER, ONE_WORKER, OTTER, OURS, make_bench_class
from tools.classes.demo import ASSIGNMENT


def measured(*runs: tuple[str, int, float, float]) -> Results:
    """Results with such runs: grader, size, CPU and wall seconds per submission."""
    results = Results(ASSIGNMENT)
    for rival, size, cpu, wall in runs:
        results = results.with_run(rival, size, Measured(cpu * size, wall * size, 700), "abc")
    return results


def test_runs_survive_the_file(tmp_path: Path) -> None:
    """What was saved is loaded; without a file there is nothing."""
    path = tmp_path / "performance.json"
    stages = (Stage("all checks", (0.1, 0.3), (0.2, 0.4)),)
    results = Results(ASSIGNMENT, measured((OURS, 15, 1, 2)).runs, stages)
    assert load(path, ASSIGNMENT) == Results(ASSIGNMENT)
    save(path, results)
    assert load(path, ASSIGNMENT) == results


def test_only_missing_runs_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was stopped continues, and each figure is on disk before the next one."""
    path, log = tmp_path / "performance.json", []

    def measure(rival: str, _assignment: str, size: int) -> Measured:
        log.append((rival, size, len(load(path, ASSIGNMENT).runs)))
        return Measured(size, size)

    monkeypatch.setattr(bench, "measure", measure)
    monkeypatch.setattr(bench, "commit", lambda: "abc")
    before = measured((OURS, 2, 1, 1), (FLOOR, 2, 1, 1))
    results = bench.run(before, path, [2], [OURS, FLOOR, OTTER], 2)
    assert log == [(OTTER, 2, 0), (OURS, 2, 3), (FLOOR, 2, 4), (OTTER, 2, 5)]
    assert len(results.runs) == 6
    bench.run(results, path, [2], [OURS, FLOOR, OTTER], 2)
    assert len(log) == 4


def test_table_shows_the_median_with_the_least_and_the_most() -> None:
    """Per submission."""
    runs = [(OURS, 15, cpu, cpu / 2) for cpu in (3.0, 1.0, 2.0)]
    row = class_table(measured(*runs))[-1]
    assert "| 2.00 (1.00 to 3.00) | 1.00 (0.50 to 1.50) | 700 |" in row
    assert "| 3 |" in row


def test_size_that_a_grader_was_not_measured_with_is_marked() -> None:
    """Its figures are those of the largest smaller class, in the table and in the ratios."""
    results = measured((OURS, 15, 1, 1), (OURS, 200, 1, 0.5), (OTTER, 15, 16, 17))
    row = next(row for row in class_table(results) if row.startswith(f"| 200 | {OTTER}"))
    assert "as 15, extrapolated" in row
    (line,) = ratio_lines(results)
    assert "34.0 times our wall seconds, extrapolated from 15 (goal: at least 30)" in line


def test_ratios_are_those_of_the_largest_class() -> None:
    """Of medians, with what was aimed at."""
    runs = [
        (OURS, 60, 1.0, 0.5),
        (NBGRADER, 60, 9, 10),
        (FLOOR, 60, 2, 2),
        (ONE_WORKER, 60, 1, 0.9),
    ]
    aim = " (goal: at least 1.9)"
    assert ratio_lines(measured((OURS, 15, 9, 9), *runs)) == [
        f"- With 60 submissions, {NBGRADER} takes 20.0 times our wall seconds (goal: at least 20).",
        "- With 60 submissions, we take 0.50 of the floor's CPU seconds (goal: at most 0.6).",
        f"- With 60 submissions, {ONE_WORKER} takes 1.8 times our wall seconds{aim}.",
    ]


def test_one_worker_is_compared_with_the_same_class() -> None:
    """A larger class would hide what starting costs one worker."""
    results = measured((OURS, 60, 1, 0.6), (ONE_WORKER, 60, 1, 0.9), (OURS, 200, 1, 0.3))
    assert ratio_lines(results)[0].startswith(f"- With 60 submissions, {ONE_WORKER} takes 1.5")


def test_pages_quote_the_committed_figures() -> None:
    """docs/performance.md and README show what performance.json says, and nothing else."""
    results = load(bench_results.RESULTS, ASSIGNMENT)
    page = bench_results.figures_in(bench_results.PAGE.read_text())
    assert page == page_figures(results)
    readme = bench_results.figures_in(bench_results.README.read_text())
    assert readme == bench_results.readme_figures(results)


def test_new_figures_replace_those_of_a_page() -> None:
    """The text around them stays."""
    page = bench_results.PAGE.read_text()
    changed = bench_results.with_figures(page, "| new |")
    assert bench_results.figures_in(changed) == "| new |"
    assert bench_results.with_figures(changed, bench_results.figures_in(page)) == page


def test_plot_has_every_grader(tmp_path: Path) -> None:
    """By name, in the legend."""
    path = tmp_path / "images" / "performance.svg"
    runs = [(OURS, size, 1.0, 0.5) for size in (15, 60)]
    bench_results.draw(measured(*runs, (OTTER, 15, 16, 17)), path)
    assert "wall seconds each" in path.read_text()


def test_class_of_any_size_has_different_files(tmp_path: Path) -> None:
    """Each notebook is one of the demo's, with a line of its own in an answer."""
    make_bench_class(tmp_path, ASSIGNMENT, 16)
    files = sorted(tmp_path.glob(f"submitted/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
    texts = [path.read_text() for path in files]
    assert len(set(texts)) == 16
    cells = json.loads(texts[-1])["cells"]
    assert sum("# student-0015" in "".join(cell["source"]) for cell in cells) == 1


def test_process_has_no_descendants_of_others() -> None:
    """A process that does not exist has none."""
    assert descendants(2**22 + 1) == []
