"""Notebooks edited the way people edit notebooks get what their own `check` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from notebooks import GradeFile

from autograder.results import Outcome

NOTEBOOKS = Path(__file__).with_name("notebooks")
FILES = sorted(
    path for path in NOTEBOOKS.rglob("01-first-training.*") if path.suffix in (".ipynb", ".py")
)
TRAINS = {
    "fit_returns_history",
    "fit_runs_every_epoch",
    "loss_goes_down",
    "every_weight_changes",
    "accuracy_passes",
}
COMPILES = {"compile_sets_optimizer", "compile_loss_fits_labels", "compile_reports_accuracy"}
READS, MEASURES = {"first_layer_weights_are_read"}, {"weight_change_is_measured"}
FAILS = {
    # Two answers stand in cells that are not code.
    "answers-in-other-cells/ada": COMPILES | TRAINS | MEASURES,
    # All answers stand above the stubs, which define the functions again.
    "answers-in-other-cells/carl": TRAINS | READS | MEASURES,
    "answers-in-other-cells/emmy": COMPILES | TRAINS | READS | MEASURES,
    # The file that it runs was not handed in.
    "own-module-beside/carl": MEASURES,
    # Keras itself refuses metrics="accuracy".
    "ways-to-write-01/s0-compile": COMPILES | TRAINS,
    # A loop of fit(epochs=1) returns the history of the last epoch alone.
    "ways-to-write-01/v0-train": {"fit_returns_history"},
    # A generator is not a list, and a rounded number is not the largest change.
    "ways-to-write-01/u4-change": MEASURES,
    "ways-to-write-01/u6-change": MEASURES,
}
"""What is really missing or wrong, by the notebook's folder; all others get full marks."""


def name_of(path: Path) -> str:
    """Such as "split-cells/ada"."""
    return path.relative_to(NOTEBOOKS).parents[1].as_posix()


def cases() -> Iterator[ParameterSet]:
    """One notebook of each kind in `make test`, all of them in `make slow`."""
    kinds = set()
    for path in FILES:
        name = name_of(path)
        kind = name.partition("/")[0]
        marks = [pytest.mark.slow] if kind in kinds else []
        kinds.add(kind)
        yield pytest.param(path, id=name, marks=marks)


@pytest.mark.sandbox
@pytest.mark.parametrize("path", list(cases()))
def test_honest_notebook_gets_what_its_answers_are_worth(path: Path, grade_file: GradeFile) -> None:
    """Splitting, copying, lost metadata, failing imports and other encodings cost nothing."""
    grade = grade_file(path)
    failed = {v.name for v in grade.checks if v.outcome is not Outcome.PASSED}
    assert failed == FAILS.get(name_of(path), set())


def test_every_exception_names_a_notebook() -> None:
    """No row of the table is left over."""
    assert FAILS.keys() <= {name_of(path) for path in FILES}
