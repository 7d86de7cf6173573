"""Write the figures of docs/fairness.md and README from committed evidence.

python -m tools.fairness page       # also draws docs/images/margins-ASSIGNMENT.png
python -m tools.fairness flags      # grades what forges, again: docs/figures/flags.json
python -m tools.fairness causes     # looks for the function to blame: docs/figures/causes.json

`page` writes all between `<!-- evidence: NAME -->` and `<!-- end of evidence -->`: from the kept
trials and the calibration of each assignment, and from docs/figures. The others do so too.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring import Corpus
from autograder.authoring.calibration import (
    Evidence,
    KeptTrials,
    derive_evidence,
    read_evidence,
    read_trials,
    write_evidence,
)
from autograder.authoring.fairness import (
    assess,
    draw_margins,
    leave_calibrated_styles_out,
)
from autograder.course import Course, load_course
from autograder.results import write_atomically
from tools import FIGURES, ROOT
from tools.fairness import experiments, tables
from tools.fairness.causes import trace
from tools.fairness.tables import Assessed, read_kits

PAGES = (ROOT / "docs" / "fairness.md", ROOT / "README.md")
FLAGS = FIGURES / "flags.json"
CAUSES = FIGURES / "causes.json"
IMAGES = ROOT / "docs" / "images"
_WIDTH = 116
_MOST_MISSED = 0.05
_REGION = re.compile(r"(<!-- evidence: ([a-z-]+) -->\n).*?(<!-- end of evidence -->)", re.DOTALL)


def calibrated(course: Course) -> list[Evidence]:
    """The calibration of every assignment that has one."""
    names = [name for name in course.assignments if course.folder(name).evidence.exists()]
    return [read_evidence(course, name) for name in names]


def assessed(course: Course) -> list[Assessed]:
    """What the kept trials say of each assignment, also of those without any."""
    return [assess_one(course, name) for name in course.assignments]


def assess_one(course: Course, name: str) -> Assessed:
    """What the kept trials say of one assignment."""
    thresholds = course.assignment(name).thresholds
    calibrated_styles = (
        leave_calibrated_styles_out(read_evidence(course, name), thresholds)
        if course.folder(name).evidence.exists()
        else ()
    )
    return Assessed(
        name,
        assess(read_trials(course, name), expected(course, name), thresholds),
        tuple(calibrated_styles),
    )


def kept(course: Course, name: str) -> KeptTrials:
    """The kept trials of an assignment, with what of them is out of date."""
    return KeptTrials(course, course.assignment(name))


def renew(course: Course) -> None:
    """Derive the calibration of each assignment whose trials are all up to date."""
    for name, assignment in course.assignments.items():
        evidence = derive_evidence(course, assignment, kept(course, name))
        if evidence is not None:
            write_evidence(course, assignment, evidence)


def expected(course: Course, name: str) -> dict[str, tuple[str, ...]]:
    """The checks that an assignment's wrong submissions must fail."""
    wrong = Corpus(course, course.assignment(name)).wrong
    return {entry.name: entry.expected.fails for entry in wrong if entry.expected}


def regions(course: Course) -> Mapping[str, str]:
    """What stands between the markers, by the region's name."""
    every, evidence = assessed(course), calibrated(course)
    written = {
        "unknown-styles": tables.unknown_styles(every),
        "unknown-styles-table": tables.unknown_styles_table(every),
        "known-styles": tables.known_styles(every),
        "tails": tables.tails(every),
        "halves": tables.halves(every),
        "wrong": tables.wrong(every),
        "flags": tables.flags(every, read_kits(FLAGS)),
        "rounds": experiments.rounds(_read(FIGURES / "rounds.json")),
        "readme-rounds": experiments.readme_rounds(_read(FIGURES / "rounds.json")),
        "styles": experiments.styles(_read(FIGURES / "styles.json")),
        "causes": experiments.causes(_read(CAUSES)),
        "calibration": "\n".join(tables.calibration_rows(evidence)),
        "thresholds": "\n".join(tables.threshold_rows(evidence)),
        "age": tables.age({name: kept(course, name) for name in course.assignments}),
        "pictures": tables.pictures(every),
        "readme": tables.readme(every),
        "readme-limits": tables.readme_limits(every),
    }
    return {name: wrapped(text) for name, text in written.items()}


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def wrapped(text: str) -> str:
    """A region with its prose in lines as long as the pages have."""
    return "\n".join(_wrapped(line) for line in text.splitlines())


def _wrapped(line: str) -> str:
    if line.startswith(("|", "!")):
        return line
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(
        line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def with_regions(page: str, written: Mapping[str, str]) -> str:
    """A page with other text between its markers."""

    def replaced(found: re.Match[str]) -> str:
        begin, name, end = found.groups()
        return f"{begin}{written[name]}\n{end}"

    return _REGION.sub(replaced, page)


def pictures(course: Course) -> Iterator[tuple[Path, bytes]]:
    """A picture of the margins for each assignment that has trials of right styles."""
    for each in assessed(course):
        if each.fairness.margins:
            trials = read_trials(course, each.assignment)
            must_fail = expected(course, each.assignment)
            title = course.assignment(each.assignment).title
            picture = draw_margins(trials, must_fail, each.fairness.margins, title)
            yield IMAGES / tables.picture_name(each.assignment), picture


def traced(course: Course) -> bytes:
    """How many submissions with one mistake are traced to its function: JSON.

    Prints those that are not. Exits if they are more than 5 of 100 in an assignment.
    """
    found = {name: trace(course, name) for name in course.assignments}
    for name, each in found.items():
        for entry, blamed in each.missed.items():
            print(f"{name} {entry}: {', '.join(blamed) or 'no function'}")
        if len(each.missed) > _MOST_MISSED * each.submissions:
            sys.exit(f"{name}: only {each.traced} of {each.submissions} are traced.")
    rows = {
        name: {"submissions": each.submissions, "traced": each.traced}
        for name, each in found.items()
    }
    return (json.dumps(rows, indent=1) + "\n").encode()


def main() -> None:
    """Do what the command line says."""
    course = load_course(ROOT)
    if sys.argv[1:] == ["flags"]:
        from tools.corpora import forging_kits  # noqa: PLC0415 - it imports the hostile corpus

        write_atomically(FLAGS, forging_kits.measured())
    elif sys.argv[1:] == ["causes"]:
        write_atomically(CAUSES, traced(course))
    elif sys.argv[1:] != ["page"]:
        sys.exit(__doc__)
    renew(course)
    course = load_course(ROOT)  # a threshold may have moved
    written = regions(course)
    for page in PAGES:
        write_atomically(page, with_regions(page.read_text("utf-8"), written).encode())
    for path, picture in pictures(course):
        write_atomically(path, picture)


if __name__ == "__main__":
    main()
