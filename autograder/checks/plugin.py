"""Collect an assignment's checks once with pytest, and run them for one submission after another.

The session pulls training runs from an iterator and hands out the verdicts of each before it asks
for the next, so a class costs one collection.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol  # what pytest-rerunfailures uses too

from autograder.checks.expect.finding import CheckFailedError, Finding
from autograder.course import Assignment
from autograder.errors import CourseError
from autograder.exercises import module_suffix
from autograder.results import Outcome, Verdict
from autograder.training import TrainingRun

Receive = Callable[[tuple[Verdict, ...]], None]


def run_checks(assignment: Assignment, runs: Iterable[TrainingRun], receive: Receive) -> None:
    """Run every check of the rubric for every training run.

    Args:
        assignment: Its checks name the tests: `loss_goes_down` is `test_loss_goes_down`.
        runs: Asked for one at a time.
        receive: Called with the verdicts of each run, in the rubric's order.

    Raises:
        CourseError: If the rubric and the check file do not name the same checks.
        KeyboardInterrupt: If Ctrl-C came.
    """
    path = check_file(assignment.name)
    if not path.is_file():
        raise CourseError(
            f"{assignment.name} has no checks: {path.name} is missing in autograder/checks/.",
            "Write one test for each check that course.yml lists.",
        )
    plugin = _Grading(assignment, runs, receive)
    options = ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler"]
    options += ["--capture=no", "--noconftest", "-c", os.devnull, "--rootdir", str(path.parent)]
    options += ["--import-mode=importlib"]
    status = pytest.main([*options, str(path)], plugins=[plugin])
    if plugin.error is not None:
        raise plugin.error
    if status == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise CourseError(
            f"The checks of {assignment.name} could not be collected (pytest status {status:d}).",
            f"Run python -m pytest {path} and mend what it reports.",
        )


def check_file(assignment: str) -> Path:
    """The pytest file that holds an assignment's checks."""
    return Path(__file__).with_name(f"test_{module_suffix(assignment)}.py")


class _Grading:
    """A pytest plugin: its `runtestloop` is the grading loop."""

    def __init__(
        self, assignment: Assignment, runs: Iterable[TrainingRun], receive: Receive
    ) -> None:
        self._assignment = assignment
        self._runs = runs
        self._receive = receive
        self._items: list[pytest.Item] = []
        self._run: TrainingRun | None = None
        self._finding = Finding(assignment.thresholds)
        self._raised: BaseException | None = None
        self.error: BaseException | None = None

    @pytest.fixture
    def run(self) -> TrainingRun | None:
        """The training run that is being graded."""
        return self._run

    @pytest.fixture
    def found(self) -> Finding:
        """What the check has found."""
        return self._finding

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the tests into the rubric's order, and insist that the two agree."""
        tests = {item.name.removeprefix("test_"): item for item in session.items}
        checks = self._assignment.checks
        for missing in checks.keys() - tests.keys():
            self.error = CourseError(
                f"course.yml gives points for {missing}, but {self._assignment.name} has no "
                f"test_{missing}.",
                "Write the test, or take the line out of course.yml.",
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
                    self._run = run
                    self._receive(tuple(self._verdicts()))
            except Exception as error:  # noqa: BLE001 - run_checks raises it again
                self.error = error
        return True

    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """Keep what a test raised; the report that pytest makes of it is text."""
        if call.excinfo is not None:
            self._raised = call.excinfo.value

    def _verdicts(self) -> Iterator[Verdict]:
        for item in self._items:
            self._finding, self._raised = Finding(self._assignment.thresholds), None
            runtestprotocol(item, log=False, nextitem=None)
            yield self._verdict(item.name.removeprefix("test_"))

    def _verdict(self, name: str) -> Verdict:
        most = self._assignment.checks[name]
        raised = self._raised
        if raised is None:
            outcome, message, hint = Outcome.PASSED, self._finding.message, ""
        elif isinstance(raised, CheckFailedError):
            outcome, message, hint = raised.outcome, raised.message, raised.hint
        else:
            outcome, hint = Outcome.GRADER_ERROR, "Tell your instructor; your mark is not affected."
            message = f"The check itself failed: {type(raised).__name__}: {raised}"
        return Verdict(
            name=name,
            outcome=outcome,
            points=most if outcome is Outcome.PASSED else 0,
            max_points=most,
            message=message,
            hint=hint,
            evidence=self._finding.evidence,
        )
