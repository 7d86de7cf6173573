"""The trials of one assignment while they are made: what there is, what is new, what is saved."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Final

from autograder.authoring.calibration.digest import trial_digests
from autograder.authoring.calibration.trial_runs import (
    EntryTrials,
    TrialRun,
    Trials,
    joined_environments,
)
from autograder.authoring.calibration.trial_store import read_trials, write_trials
from autograder.authoring.corpus import Corpus, Entry
from autograder.course import Assignment, Course

_SECONDS_BETWEEN_SAVES: Final = 10


class KeptTrials:
    """Reads an assignment's trials, and adds to them.

    Trials that are out of date stay in the file until their submission has a new one.

    Args:
        course: The course.
        assignment: The assignment.

    Attributes:
        corpus: The assignment's corpus.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.corpus = Corpus(course, assignment)
        self._course = course
        self._assignment = assignment
        self._digests = trial_digests(course, assignment, self.corpus)
        kept = read_trials(course, assignment.name).entries
        self._entries = {each.entry: each for each in kept if each.entry in self._digests}
        self._saved_at = time.monotonic()
        self._is_saved = True

    def trials(self) -> Trials:
        """The trials that are not out of date."""
        current = (each for each in self._entries.values() if self._is_current(each))
        return Trials(self._assignment.name, tuple(sorted(current, key=lambda each: each.entry)))

    def out_of_date(self) -> tuple[str, ...]:
        """Submissions without a trial that is up to date, sorted."""
        return tuple(sorted(name for name in self._digests if self._current(name) is None))

    def older(self) -> tuple[str, ...]:
        """Submissions whose kept trials are out of date, sorted."""
        return tuple(sorted(e.entry for e in self._entries.values() if not self._is_current(e)))

    def find(self, entry: Entry, number: int) -> TrialRun | None:
        """The run with these seeds; None if there is none that is up to date."""
        current = self._current(entry.name)
        runs = () if current is None else current.runs
        return next((run for run in runs if run.number == number), None)

    def right_runs(self) -> int:
        """Runs of right submissions that are up to date."""
        return sum(len(each.runs) for each in self.trials().right)

    def is_decided_by_a_threshold(self, entry: Entry) -> bool:
        """Whether a threshold decides a check that a wrong submission must fail."""
        current = self._current(entry.name)
        must_fail = entry.expected.fails if entry.expected else ()
        return current is not None and any(
            measure.check in must_fail
            and (measure.check in run.missed or measure.check not in run.failed)
            for run in current.runs
            for measure in run.values
        )

    def add(self, entry: Entry, run: TrialRun, environment: Mapping[str, str]) -> None:
        """Add a run; saves all from time to time."""
        current = self._current(entry.name)
        runs = () if current is None else current.runs
        known = {} if current is None else current.environment
        self._entries[entry.name] = EntryTrials(
            entry=entry.name,
            digest=self._digests[entry.name],
            environment=joined_environments(known, environment),
            runs=(*runs, run),
        )
        self._is_saved = False
        if time.monotonic() - self._saved_at > _SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        """Write what is new, so that nothing of it is lost."""
        if not self._is_saved:
            entries = [
                dataclasses.replace(each, runs=tuple(sorted(each.runs, key=lambda run: run.number)))
                for each in self._entries.values()
            ]
            write_trials(self._course, Trials(self._assignment.name, tuple(entries)))
            self._is_saved = True
        self._saved_at = time.monotonic()

    def _current(self, name: str) -> EntryTrials | None:
        kept = self._entries.get(name)
        return kept if kept is not None and self._is_current(kept) else None

    def _is_current(self, kept: EntryTrials) -> bool:
        return kept.digest == self._digests[kept.entry]
