"""Grade answers in every style that an assignment's text leaves free, and list those that fail.

python -m tools.styles ASSIGNMENT [--seeds 3] [--mixed 20] [--only TEXT] [--record]

A listed style is a fault of a check, a text that does not say what is asked, or an answer that is
told rightly why it fails: somebody has to look. Prints each style's worst figures against the
thresholds, and the messages and hints of what failed. With `--record`, docs/figures/styles.json
gets the counts.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.authoring import Corpus, Trial, run_trials
from autograder.authoring.calibration import measurements
from autograder.authoring.corpus import Entry
from autograder.course import Course, load_course
from autograder.results import Outcome, write_atomically
from autograder.submissions import grade_id, read_notebook
from tools import FIGURES, ROOT, argument_parser
from tools.styles.answers import FREEDOMS, Style

RECORDS = FIGURES / "styles.json"


def written(style: Style, number: int, course: Course, assignment: str, folder: Path) -> Entry:
    """A notebook with a style's answers, and the solution's in the other cells."""
    notebook = read_notebook(course.source_notebook(assignment))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and (answer := style.answers.get(grade_id(cell))):
            cell["source"] = answer
    path = folder / f"{number}.ipynb"
    path.write_text(json.dumps(notebook))
    return Entry(name=f"{number} {style.name}", path=path)


def figures(trials: Sequence[Trial]) -> str:
    """The worst figure of a style's runs against each threshold."""
    values: dict[str, list[float]] = defaultdict(list)
    worst = {}
    for trial in trials:
        for verdict in trial.grade.checks:
            for measurement in measurements(verdict):
                values[measurement.threshold].append(measurement.value)
                worst[measurement.threshold] = (
                    min if measurement.direction == "at_least" else max
                )(values[measurement.threshold])
    return ", ".join(f"{name} {value:.3g}" for name, value in worst.items())


def complaints(trials: Sequence[Trial]) -> list[str]:
    """What failed, in how many runs, and the first run's message and hint."""
    failed = defaultdict(list)
    for trial in trials:
        for verdict in trial.grade.checks:
            if verdict.outcome is not Outcome.PASSED:
                failed[verdict.name].append(verdict)
    return [
        f"    {name} {len(row)} of {len(trials)}: {row[0].message} TIP {row[0].hint}"
        for name, row in failed.items()
    ]


def show_style(trials: Sequence[Trial]) -> bool:
    """Print what the runs of one style came to; whether one of them failed."""
    lines = complaints(trials)
    mark = "!" if lines else "."
    print("\n".join([f"{mark} {trials[0].entry.name}: {figures(trials)}", *lines]), flush=True)
    return bool(lines)


def record(assignment: str, styles: int, runs: int, failing: Collection[str]) -> None:
    """Keep what came of an assignment's styles, for docs/fairness.md."""
    rows = json.loads(RECORDS.read_text("utf-8"))
    failed = [name.partition(" ")[2] for name in sorted(failing, key=_number)]
    rows[assignment] = {"styles": styles, "runs": runs, "failed": failed}
    write_atomically(RECORDS, (json.dumps(rows, indent=1) + "\n").encode())


def _number(name: str) -> int:
    return int(name.partition(" ")[0])


def main(arguments: Sequence[str]) -> int:
    """Grade and print; returns the number of styles of which a run failed."""
    parser = argument_parser("tools.styles", __doc__)
    parser.add_argument("assignment", choices=FREEDOMS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--mixed", type=int, default=20)
    parser.add_argument("--only", default="", help="styles whose name contains this text")
    parser.add_argument("--record", action="store_true", help="into docs/figures/styles.json")
    options = parser.parse_args(arguments)
    freedom, course = FREEDOMS[options.assignment], load_course(ROOT)
    styles = [*freedom.alone(), *freedom.mixed(options.mixed)]
    assignment = course.assignment(options.assignment)
    with tempfile.TemporaryDirectory() as folder:
        entries = [
            written(style, number, course, assignment.name, Path(folder))
            for number, style in enumerate(styles)
            if options.only in style.name
        ]
        plan = [(entry, number) for entry in entries for number in range(options.seeds)]
        corpus = Corpus(course, assignment)
        done: dict[str, list[Trial]] = defaultdict(list)
        failing = set()

        def show(trials: Sequence[Trial]) -> None:
            for trial in trials:
                own = done[trial.entry.name]
                own.append(trial)
                if len(own) == options.seeds and show_style(own):
                    failing.add(trial.entry.name)

        run_trials(course, assignment, corpus, plan, lambda *_: None, show)
    if options.record:
        record(assignment.name, len(entries), options.seeds, failing)
    print(f"{len(failing)} of {len(entries)} styles failed in a run.")
    return len(failing)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
