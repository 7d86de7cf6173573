"""The raw figures of `make bench`: kept as JSON, and shown as tables and a plot."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools import FIGURES, ROOT
from tools.bench.measure import Measured
from tools.bench.rivals import FLOOR, NBGRADER, ONE_WORKER, OTTER, OURS, PYTEST, RIVALS

RESULTS = FIGURES / "performance.json"
PAGE, README = ROOT / "docs" / "performance.md", ROOT / "README.md"
PLOT = ROOT / "docs" / "images" / "performance.svg"
_BEGIN, _END = "<!-- figures: make bench-page -->", "<!-- end of figures -->"
_EMPTY = "No figures yet: `make bench` measures them."
_FIGURES: dict[str, Callable[[Run], float]] = {
    "CPU seconds": lambda run: run.cpu / run.size,
    "wall seconds": lambda run: run.wall / run.size,
}
_WALL_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


@dataclasses.dataclass(frozen=True)
class Run:
    """One grader's run over one class.

    Attributes:
        rival: The grader.
        size: Submissions in the class.
        cpu: Seconds of computing, of all processes.
        wall: Seconds.
        peak_mb: Most memory at one time.
        commit: Of this repository.
        machine: Where it ran.
    """

    rival: str
    size: int
    cpu: float
    wall: float
    peak_mb: int
    commit: str
    machine: str


@dataclasses.dataclass(frozen=True)
class Stage:
    """What one part of grading a submission takes.

    Attributes:
        name: What is done.
        cpu: Seconds of computing, of all processes; one value per round.
        wall: Seconds, likewise.
    """

    name: str
    cpu: tuple[float, ...]
    wall: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class Results:
    """All that was measured.

    Attributes:
        assignment: The assignment that was graded.
        runs: Whole classes.
        stages: One submission.
    """

    assignment: str
    runs: tuple[Run, ...] = ()
    stages: tuple[Stage, ...] = ()

    def of(self, rival: str, size: int) -> list[Run]:
        """The runs of a grader over classes of a size."""
        return [run for run in self.runs if (run.rival, run.size) == (rival, size)]

    def with_run(self, rival: str, size: int, measured: Measured, commit: str) -> Results:
        """These and one more."""
        figures = round(measured.cpu, 3), round(measured.wall, 3), measured.peak_mb
        run = Run(rival, size, *figures, commit, this_machine())
        return dataclasses.replace(self, runs=(*self.runs, run))


def this_machine() -> str:
    """What this machine is: processor and cores."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores"


def load(path: Path, assignment: str) -> Results:
    """Read figures; none if there is no file."""
    if not path.exists():
        return Results(assignment)
    data: dict[str, Any] = json.loads(path.read_text())
    stages = tuple(Stage(s["name"], tuple(s["cpu"]), tuple(s["wall"])) for s in data["stages"])
    return Results(data["assignment"], tuple(Run(**run) for run in data["runs"]), stages)


def save(path: Path, results: Results) -> None:
    """Write figures, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(dataclasses.asdict(results), indent=1) + "\n")
    partial.replace(path)


def spread(values: Sequence[float]) -> str:
    """The median, with the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def class_table(results: Results) -> list[str]:
    """A row for each class and grader; what was not measured is taken from a smaller class."""
    lines = [
        "| submissions | grader | runs | CPU seconds each | wall seconds each | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for size in sizes(results):
        for rival in RIVALS:
            runs, measured_at = nearest(results, rival, size)
            if not runs:
                continue
            cpu, wall = ([figure(run) for run in runs] for figure in _FIGURES.values())
            peak = f"{statistics.median(run.peak_mb for run in runs):.0f}"
            count = f"{len(runs)}" if measured_at == size else f"as {measured_at}, extrapolated"
            row = (str(size), rival, count, spread(cpu), spread(wall), peak)
            lines.append(f"| {' | '.join(row)} |")
    return lines


def sizes(results: Results) -> list[int]:
    """The sizes of classes that we graded."""
    return sorted({run.size for run in results.runs if run.rival == OURS})


def nearest(results: Results, rival: str, size: int) -> tuple[list[Run], int]:
    """A grader's runs over classes of a size, else of the largest smaller one; and that size."""
    for smaller in sorted({run.size for run in results.runs if run.size <= size}, reverse=True):
        if runs := results.of(rival, smaller):
            return runs, smaller
    return [], 0


def ratio_lines(results: Results) -> list[str]:
    """What the medians of the largest class say, a line each."""
    if not sizes(results):
        return []
    lines = []
    for rival, figure, goal, more in (
        (NBGRADER, "wall seconds", "at least 20", True),
        (OTTER, "wall seconds", "at least 30", True),
        (PYTEST, "wall seconds", "", True),
        (FLOOR, "CPU seconds", "at most 0.6", False),
        (ONE_WORKER, "wall seconds", "at least 1.9", True),
    ):
        # One worker's start weighs more in a small class, so both must have graded the same one.
        shared = [n for n in sizes(results) if results.of(rival, n)] if rival == ONE_WORKER else []
        size = (shared or sizes(results))[-1]
        theirs, at = nearest(results, rival, size)
        ours, _ = nearest(results, OURS, size)
        if not theirs:
            continue
        note = "" if at == size else f", extrapolated from {at}"
        their, our = (statistics.median(map(_FIGURES[figure], runs)) for runs in (theirs, ours))
        ratio = their / our if more else our / their
        value = f"{rival} takes {ratio:.1f} times our {figure}"
        value = value if more else f"we take {ratio:.2f} of the {rival}'s {figure}"
        aim = f" (goal: {goal})" if goal else ""
        lines.append(f"- With {size} submissions, {value}{note}{aim}.")
    return lines


def stage_table(results: Results) -> list[str]:
    """A row for each part of grading one submission."""
    rows = [f"| {s.name} | {spread(s.cpu)} | {spread(s.wall)} |" for s in results.stages]
    return ["| part | CPU seconds | wall seconds |", "|---|---|---|", *rows] if rows else []


def page_figures(results: Results) -> str:
    """What docs/performance.md shows of the figures."""
    if not results.runs and not results.stages:
        return _EMPTY
    machines = sorted({run.machine for run in results.runs})
    parts = [
        [f"Measured with {results.assignment} on {'; '.join(machines)}."] if machines else [],
        class_table(results) if results.runs else [],
        ratio_lines(results),
        ["![Wall seconds per submission](images/performance.svg)"] if results.runs else [],
        stage_table(results),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def readme_figures(results: Results) -> str:
    """What README shows of the figures."""
    return "\n".join(ratio_lines(results)) or _EMPTY


def figures_in(page: str) -> str:
    """The figures that a page shows."""
    return page.partition(_BEGIN)[2].partition(_END)[0].strip()


def with_figures(page: str, figures: str) -> str:
    """A page with other figures."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"The page lacks {_BEGIN} and {_END}.")
    return f"{before}{_BEGIN}\n{figures}\n{_END}{after}"


def draw(results: Results, path: Path) -> None:
    """Draw wall seconds per submission, with the least and the most as error bars."""
    import matplotlib as mpl  # noqa: PLC0415 - for this picture only
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    mpl.rcParams["svg.hashsalt"] = "performance"
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.add_subplot()
    for rival in RIVALS:
        measured = [size for size in sizes(results) if results.of(rival, size)]
        if not measured:
            continue
        values = [[run.wall / run.size for run in results.of(rival, size)] for size in measured]
        middle = [statistics.median(each) for each in values]
        low = [m - min(each) for m, each in zip(middle, values, strict=True)]
        high = [max(each) - m for m, each in zip(middle, values, strict=True)]
        axes.errorbar(measured, middle, yerr=[low, high], marker="o", capsize=3, label=rival)
    axes.set(xscale="log", yscale="log", xlabel="submissions", ylabel="wall seconds each")
    axes.set_xticks(sizes(results), [str(size) for size in sizes(results)])
    shown = [n for n in _WALL_TICKS if axes.get_ylim()[0] <= n <= axes.get_ylim()[1]]
    axes.set_yticks(shown, [f"{n:g}" for n in shown])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
