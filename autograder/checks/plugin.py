"""Collect an assignment's checks once with pytest, and run them for one submission after another.

The session takes training runs from an iterator, and returns the verdicts of each run before it
asks for the next. So a whole class needs only one collection.
"""

from __future__ import annotations

import math
import os
import traceback
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol  # what pytest-rerunfailures uses too
from pydantic import JsonValue

from autograder.checks.finding import CheckFailedError, Finding
from autograder.checks.training_run import Run
from autograder.course import (
    Assignment,
    AssignmentFolder,
    CheckDescription,
    describe_checks,
)
from autograder.errors import CourseError
from autograder.exercises import load_module
from autograder.results import Outcome, Verdict

_LONGEST_MESSAGE = 4_000

Receive = Callable[[Run, tuple[Verdict, ...], dict[str, str]], None]


def run_checks(
    assignment: Assignment, folder: AssignmentFolder, runs: Iterable[Run], receive: Receive
) -> None:
    """Run every check of the rubric for every training run.

    Args:
        assignment: Its checks name the tests: `loss_goes_down` is `test_loss_goes_down`.
        folder: The assignment's folder, whose `grading/checks.py` holds the tests.
        runs: The training runs; taken one at a time.
        receive: Called with each run, its verdicts in the rubric's order, and the traceback of each
            check that raised an unexpected exception.

    Raises:
        CourseError: If the check file is missing or cannot be imported, or if it and the rubric
            do not name the same checks.
        KeyboardInterrupt: If Ctrl-C was pressed.
    """
    module = load_module(folder, folder.checks.stem)
    plugin = _Grading(assignment, module, describe_checks(folder), runs, receive)
    options = ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler"]
    options += ["--capture=no", "--noconftest", "-c", os.devnull]
    # Without the second, pytest lists the folders above, and /home may be closed to listing.
    options += ["--rootdir", str(folder.grading), "--confcutdir", str(folder.grading)]
    status = pytest.main([*options, str(folder.checks)], plugins=[plugin])
    if plugin.error is not None:
        raise plugin.error
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise CourseError(
            f"The checks of {assignment.name} could not be collected (pytest status {status:d}).",
            f"Run python -m pytest {folder.checks} and fix what it reports.",
        )


class _CheckModule(pytest.Module):
    """A check file that was already imported, as part of its assignment's package."""

    imported: types.ModuleType

    def _getobj(self) -> types.ModuleType:
        return self.imported


class _Grading:
    """A pytest plugin: its `runtestloop` is the grading loop."""

    def __init__(
        self,
        assignment: Assignment,
        module: types.ModuleType,
        descriptions: Mapping[str, CheckDescription],
        runs: Iterable[Run],
        receive: Receive,
    ) -> None:
        self._assignment = assignment
        self._module = module
        self._descriptions = descriptions
        self._runs = runs
        self._receive = receive
        self._items: list[pytest.Item] = []
        self._run: Run | None = None
        self._finding = Finding(assignment.thresholds)
        self._raised: BaseException | None = None
        self._broken: dict[str, str] = {}
        self.error: BaseException | None = None

    @pytest.fixture
    def run(self) -> Run | None:
        """The training run that is being graded."""
        return self._run

    @pytest.fixture
    def finding(self) -> Finding:
        """What the check reports."""
        return self._finding

    def pytest_pycollect_makemodule(
        self, module_path: Path, parent: pytest.Collector
    ) -> pytest.Module:
        """Collect the module as it was imported."""
        module = _CheckModule.from_parent(parent, path=module_path)
        module.imported = self._module
        return module

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the tests into the rubric's order, and require that the two agree."""
        tests = {item.name.removeprefix("test_"): item for item in session.items}
        checks = self._assignment.checks
        for missing in checks.keys() - tests.keys():
            self.error = CourseError(
                f"course.yml gives points for {missing}, but {self._assignment.name} has no "
                f"test_{missing}.",
                "Write the test, or remove the line from course.yml.",
            )
        for extra in tests.keys() - checks.keys():
            self.error = CourseError(
                f"{self._assignment.name} has a test_{extra} that course.yml gives no points for.",
                f"Add `{extra}: POINTS` under the assignment's checks.",
            )
        if self.error is None:
            self._items = [tests[name] for name in checks]

    def pytest_runtestloop(self) -> bool:
        """Grade run after run, in place of pytest's own loop."""
        if self.error is None:
            try:
                for run in self._runs:
                    self._run, self._broken = run, {}
                    self._receive(run, tuple(self._verdicts()), self._broken)
            except Exception as error:  # noqa: BLE001 - run_checks raises it again
                self.error = error
        return True

    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """Keep the exception that a test raised; in pytest's report it is only text."""
        if call.excinfo is not None:
            self._raised = call.excinfo.value

    def _verdicts(self) -> Iterator[Verdict]:
        for item in self._items:
            self._finding, self._raised = Finding(self._assignment.thresholds), None
            if self._run is not None:
                self._run.subjects.clear()
            runtestprotocol(item, log=False, nextitem=None)
            yield self._verdict(item.name.removeprefix("test_"))

    def _verdict(self, name: str) -> Verdict:
        points = self._assignment.checks[name]
        raised = self._raised
        if raised is None:
            outcome, message, hint = Outcome.PASSED, self._finding.message, ""
        elif isinstance(raised, CheckFailedError):
            outcome, message, hint = raised.outcome, raised.message, raised.hint
        else:
            # The exception may quote data that students must not have.
            outcome, hint = Outcome.FAILED, "Ask your instructor, who is told about it too."
            message = f"The check cannot judge this answer ({type(raised).__name__})."
            self._broken[name] = "".join(traceback.format_exception(raised))
        return Verdict(
            name=name,
            title=self._descriptions.get(name, CheckDescription()).title,
            about=self._subject(),
            outcome=outcome,
            points=points if outcome is Outcome.PASSED else 0,
            max_points=points,
            message=message[:_LONGEST_MESSAGE],
            hint=hint[:_LONGEST_MESSAGE],
            evidence={k: _finite(v) for k, v in self._finding.evidence.items()},
        )

    def _subject(self) -> str:
        """The student's function that the check asked for last, which is what it is about."""
        return self._run.subjects[-1] if self._run is not None and self._run.subjects else ""


def _finite(value: JsonValue) -> JsonValue:
    """The same figures, with None for NaN and infinity, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value
