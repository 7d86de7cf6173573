"""Grade the right submissions as other machines would, and compare.

python -m tools.machines.portability [ASSIGNMENT...]    (make portability; default: all)

The libraries have settings that make them leave out instructions of this processor. oneDNN is on
for those machines, since TensorFlow's other operations are built for one set of instructions.
Prints one row per assignment and machine: how far the figures moved that checks compare with
thresholds, and how many verdicts flipped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from unittest import mock

from autograder.authoring import Corpus, Trial, run_trials
from autograder.authoring.calibration import measurements
from autograder.course import Assignment, load_course
from autograder.results import Outcome
from autograder.sandbox import FORK_SERVER
from autograder.sandbox.environment import clean_environment
from tools import ROOT

OTHER_MACHINE = ROOT / "tests" / "support" / "other_machine.py"
SEEDS = 1
NO_AVX512 = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"


class Machine(NamedTuple):
    """Another machine.

    Attributes:
        name: Its name in the table.
        variables: Environment variables of its fork server, besides the usual ones.
        threads: Threads of each of TensorFlow's operations.
    """

    name: str
    variables: Mapping[str, str]
    threads: int = 1


MACHINES = (
    Machine("oneDNN's operations on", {"TF_ENABLE_ONEDNN_OPTS": "1"}),
    Machine("2 threads", {}, 2),
    Machine(
        "AVX2 without AVX-512",
        {
            "TF_ENABLE_ONEDNN_OPTS": "1",
            "ONEDNN_MAX_CPU_ISA": "AVX2",
            "NPY_DISABLE_CPU_FEATURES": NO_AVX512,
            "OPENBLAS_CORETYPE": "Haswell",
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL",
        },
    ),
    Machine(
        "SSE4.1 without AVX",
        {
            "TF_ENABLE_ONEDNN_OPTS": "1",
            "ONEDNN_MAX_CPU_ISA": "SSE41",
            "NPY_DISABLE_CPU_FEATURES": f"AVX2 FMA3 F16C AVX {NO_AVX512}",
            "OPENBLAS_CORETYPE": "Nehalem",
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL",
        },
    ),
)


def graded(assignment: Assignment, machine: Machine | None) -> list[Trial]:
    """Grade the right submissions of an assignment on a machine; None means this one."""
    course = load_course(ROOT)
    corpus = Corpus(course, assignment)
    plan = [(entry, number) for entry in corpus.right for number in range(SEEDS)]
    usual = clean_environment()
    environment = usual if machine is None else {**usual, **machine.variables}
    with mock.patch("autograder.sandbox.launch.clean_environment", return_value=environment):
        arguments = FORK_SERVER
        if machine is not None:
            arguments = ("-I", str(OTHER_MACHINE), str(machine.threads))
        return run_trials(course, assignment, corpus, plan, lambda *_: None, arguments=arguments)


def moved(here: Sequence[Trial], there: Sequence[Trial]) -> tuple[dict[str, float], int, int]:
    """How far each compared figure moved at most, how many Grades differ, and flipped verdicts."""
    furthest: dict[str, float] = {}
    differ = flips = 0
    for one, other in zip(here, there, strict=True):
        differ += [v.evidence for v in one.grade.checks] != [v.evidence for v in other.grade.checks]
        for verdict, again in zip(one.grade.checks, other.grade.checks, strict=True):
            passed = verdict.outcome is Outcome.PASSED, again.outcome is Outcome.PASSED
            flips += passed[0] != passed[1]
            for a, b in zip(measurements(verdict), measurements(again), strict=False):
                furthest[a.threshold] = max(furthest.get(a.threshold, 0.0), abs(a.value - b.value))
    return furthest, differ, flips


def main(names: Sequence[str]) -> int:
    """Compare, print a table in Markdown, and return the number of flipped verdicts."""
    course = load_course(ROOT)
    total = 0
    print("| assignment | machine | Grades that differ | largest move of a figure | flips |")
    print("|---|---|---|---|---|")
    for name in names or course.assignments:
        assignment = course.assignment(name)
        here = graded(assignment, None)
        for machine in MACHINES:
            furthest, differ, flips = moved(here, graded(assignment, machine))
            figures = ", ".join(f"{k} {v:.2g}" for k, v in sorted(furthest.items()) if v)
            row = (name, machine.name, f"{differ} of {len(here)}", figures or "none", str(flips))
            print(f"| {' | '.join(row)} |", flush=True)
            total += flips
    return total


if __name__ == "__main__":
    os.environ.pop("OPENBLAS_CORETYPE", None)
    sys.exit(1 if main(sys.argv[1:]) else 0)
