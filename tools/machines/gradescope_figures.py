"""Measure what one submission takes on Gradescope's default container: half a CPU and 768 MB.

sudo .venv/bin/python -m tools.machines.gradescope_figures [ASSIGNMENT...]

For each assignment this builds the package, installs it in a container like Gradescope's
(tests/support/gradescope_container.py), grades the course's own solution, and prints a row.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from gradescope_container import Container, why_not

from autograder.authoring.gradescope_package import make_gradescope_package
from autograder.course import load_course
from tools import ROOT


def main(names: list[str]) -> None:
    """Print the table."""
    if why_not():
        sys.exit(f"Not measured: {why_not()}.")
    course = load_course(ROOT)
    print("| assignment | points | tier | seconds | peak, MB |")
    print("|---|---|---|---|---|")
    for name in names or course.assignments:
        with tempfile.TemporaryDirectory(prefix="gradescope-") as folder:
            package = make_gradescope_package(course, name, Path(folder, "autograder.zip"))
            root = Path(folder, "root")
            root.mkdir()
            container = Container(root, package)
            assert container.setup().status == 0
            ran = container.grade({"x.ipynb": course.source_notebook(name).read_bytes()})
            grade = ran.grade
            peak = "?" if ran.peak_mb is None else ran.peak_mb
            print(
                f"| {name} | {grade['score']:g} | {grade['extra_data']['tier']} "
                f"| {ran.seconds:.0f} | {peak} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
