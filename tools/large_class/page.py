"""The figures of `tools/large_class` as docs/performance.md shows them: tables and a picture."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools import FIGURES, ROOT

RESULTS = FIGURES / "large-classes.json"
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "images" / "large-classes.svg"
_BEGIN = "<!-- large classes: tools/large_class --page -->"
_END = "<!-- end of large classes -->"
_ROW = 1_000
Marks = Sequence[Mapping[str, float]]


def write_page(results: Path = RESULTS, page: Path = PAGE, plot: Path = PLOT) -> None:
    """Write the figures into the page, and draw the picture."""
    figures = json.loads(results.read_text())
    before, begin, rest = page.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{page} lacks {_BEGIN} and {_END}.")
    page.write_text(f"{before}{begin}\n{page_figures(figures)}\n{end}{after}")
    if each(figures["curve"]):
        draw(figures["curve"], plot)


def figures_in(page: str) -> str:
    """The figures that a page shows."""
    return page.partition(_BEGIN)[2].partition(_END)[0].strip()


def page_figures(figures: Mapping[str, Any]) -> str:
    """What the page shows of the figures."""
    has_curve = bool(each(figures["curve"]))
    picture = "![CPU and memory of each submission](images/large-classes.svg)"
    parts = [
        [f"Measured on {figures['machine']}."],
        curve_table(figures["curve"]) if has_curve else ["The curve is not measured yet."],
        [picture] if has_curve else [],
        command_table(figures["commands"]) if figures["commands"] else [],
        real_table(figures["real"]) if figures["real"] else [],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def each(marks: Marks, figure: str = "cpu_s") -> list[tuple[int, float]]:
    """Seconds per submission between two marks of the same run, by the number of the second."""
    return [
        (int(mark["graded"]), (mark[figure] - last[figure]) / (mark["graded"] - last["graded"]))
        for last, mark in itertools.pairwise(marks)
        if mark["run"] == last["run"] and mark["graded"] > last["graded"]
    ]


def _rows(marks: Marks) -> dict[int, list[float]]:
    """Seconds per submission by the thousand that they are of."""
    rows: dict[int, list[float]] = {}
    for graded, seconds in each(marks):
        rows.setdefault(-(-graded // _ROW) * _ROW, []).append(seconds)
    return rows


def curve_table(marks: Marks) -> list[str]:
    """CPU and memory by thousands of submissions."""
    memory = {-(-mark["graded"] // _ROW) * _ROW: mark["mb"] for mark in marks}
    return [
        "| submissions up to | CPU ms each, without training | memory of the grader, MB |",
        "|---|---|---|",
        *(
            f"| {row:,} | {1000 * sum(seconds) / len(seconds):.1f} | {memory[row]:.0f} |"
            for row, seconds in sorted(_rows(marks).items())
        ),
    ]


def command_table(commands: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[str]:
    """CPU seconds and memory of whole commands, by the size of the class."""
    sizes = sorted(commands, key=int)
    names = dict.fromkeys(name for size in sizes for name in commands[size])
    return [
        f"| a class of | {' | '.join(f'{int(size):,}' for size in sizes)} |",
        "|---" * (len(sizes) + 1) + "|",
        *(
            f"| {name} | {' | '.join(_cell(commands[size].get(name)) for size in sizes)} |"
            for name in names
        ),
    ]


def _cell(figures: Mapping[str, float] | None) -> str:
    return "" if figures is None else f"{figures['cpu_s']:.1f} s, {figures['peak_mb']:.0f} MB"


def real_table(marks: Marks) -> list[str]:
    """CPU, wall and memory of submissions that were really trained, by hundreds."""
    walls = dict(each(marks, "wall_s"))
    rows: dict[int, list[tuple[float, float]]] = {}
    for graded, cpu in each(marks):
        rows.setdefault(-(-graded // 100) * 100, []).append((cpu, walls[graded]))
    memory = {-(-mark["graded"] // 100) * 100: mark for mark in marks}
    return [
        "| trained up to | CPU seconds each | wall seconds each | memory of the grader, MB |",
        "|---|---|---|---|",
        *(
            f"| {row:,} | {sum(c for c, _ in pairs) / len(pairs):.2f} | "
            f"{sum(w for _, w in pairs) / len(pairs):.2f} | {memory[row]['grader_mb']:.0f} |"
            for row, pairs in sorted(rows.items())
        ),
    ]


def draw(marks: Marks, path: Path) -> None:
    """Draw CPU per submission and memory over the size of the class."""
    import matplotlib as mpl  # noqa: PLC0415 - for this picture only
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    mpl.rcParams["svg.hashsalt"] = "large-classes"
    figure = Figure(figsize=(7, 4), layout="constrained")
    cpu, memory = figure.subplots(2, sharex=True)
    points = each(marks)
    cpu.plot([n for n, _ in points], [1000 * seconds for _, seconds in points], ".", markersize=4)
    memory.plot([mark["graded"] for mark in marks], [mark["mb"] for mark in marks], ".", ms=4)
    cpu.set(ylim=(0, None), ylabel="CPU ms each")
    memory.set(ylim=(0, None), ylabel="grader, MB", xlabel="submissions graded")
    for axes in (cpu, memory):
        axes.grid(visible=True, alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
