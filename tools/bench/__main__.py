"""Measure `autograder grade` beside other graders of the same answers.

python -m tools.bench run [--sizes 15,60,200] [--rivals ...] [--repeats 3]
python -m tools.bench stages [--repeats 3]
python -m tools.bench page

`run` grades classes, and adds what each run took to docs/figures/performance.json as soon as it is
measured: stopped at any moment, it continues with what is missing. `stages` takes one submission
apart. `page` writes the figures into docs/performance.md and README. Absolute times differ from
machine to machine; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbgrader_course import scores

from tools import ROOT, argument_parser
from tools.bench import results as bench_results
from tools.bench.measure import Measured, measure_commands
from tools.bench.otter import otter_scores
from tools.bench.results import Results, load, save
from tools.bench.rivals import FLOOR, NBGRADER, OTTER, RIVALS, make_bench_class
from tools.bench.stages import measure_stages
from tools.classes.demo import ASSIGNMENT


def main() -> None:
    """Do what the command line says."""
    options = _parser().parse_args()
    results = load(options.results, options.assignment)
    if options.command == "run":
        run(results, options.results, options.sizes, options.rivals, options.repeats)
    elif options.command == "stages":
        stages = measure_stages(options.assignment, options.repeats)
        save(options.results, dataclasses.replace(results, stages=stages))
        print("\n".join(bench_results.stage_table(load(options.results, options.assignment))))
    else:
        write_pages(results)


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser("tools.bench", __doc__)
    parser.add_argument("command", choices=("run", "stages", "page"))
    parser.add_argument("--assignment", default=ASSIGNMENT)
    parser.add_argument("--results", type=Path, default=bench_results.RESULTS)
    parser.add_argument("--sizes", type=_numbers, default=[15, 60, 200], metavar="N,N")
    parser.add_argument("--repeats", type=int, default=3, metavar="N")
    parser.add_argument(
        "--rivals",
        type=_names,
        default=list(RIVALS),
        metavar="NAME;NAME",
        help=f"Any of: {'; '.join(RIVALS)}.",
    )
    return parser


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _names(text: str) -> list[str]:
    names = [part.strip() for part in text.split(";")]
    if unknown := sorted(set(names) - set(RIVALS)):
        raise argparse.ArgumentTypeError(f"{unknown[0]} is none of: {'; '.join(RIVALS)}")
    return names


def run(
    results: Results, path: Path, sizes: Sequence[int], rivals: Sequence[str], repeats: int
) -> Results:
    """Measure what is missing, one run after another, the graders in turn.

    Args:
        results: What was measured before.
        path: Takes each run at once.
        sizes: Sizes of classes.
        rivals: Graders.
        repeats: How many runs each grader and size must have.
    """
    for size in sizes:
        for round_ in range(1, repeats + 1):
            for rival in rivals:
                if len(results.of(rival, size)) >= round_:
                    continue
                measured = measure(rival, results.assignment, size)
                results = results.with_run(rival, size, measured, commit())
                save(path, results)
                each = f"{measured.cpu / size:.2f} CPU s, {measured.wall / size:.2f} s each"
                print(f"{size} submissions, {rival}, run {round_}: {each}", flush=True)
    return results


def measure(rival: str, assignment: str, size: int) -> Measured:
    """Let a grader grade a class in a folder of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_bench_class(folder, assignment, size)
        measured = measure_commands(folder, RIVALS[rival](folder, assignment))
        if rival == FLOOR:
            return Measured(**json.loads((folder / "floor.json").read_text()))
        if rival in {NBGRADER, OTTER}:
            require_marks(rival, folder)
    return measured


def require_marks(rival: str, folder: Path) -> None:
    """Stop unless a grader gave some right answers points: else it did other work."""
    given = (
        otter_scores(folder)
        if rival == OTTER
        else {name: sum(s or 0 for s in cells.values()) for name, cells in scores(folder).items()}
    )
    if not any(given.values()):
        sys.exit(f"{rival} gave no points: not the same work, so nothing to compare.")


def commit() -> str:
    """The commit that is measured; with a plus if files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+"]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def write_pages(results: Results) -> None:
    """Write the figures into the pages, and draw the plot."""
    for page, figures in (
        (bench_results.PAGE, bench_results.page_figures(results)),
        (bench_results.README, bench_results.readme_figures(results)),
    ):
        page.write_text(bench_results.with_figures(page.read_text(), figures))
    if results.runs:
        bench_results.draw(results, bench_results.PLOT)


if __name__ == "__main__":
    main()
