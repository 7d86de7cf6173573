"""Trials on disk, so that a calibration that was stopped goes on, and a longer one adds to it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.checks.expect.finding import MEASURED
from autograder.corpus import Entry
from autograder.course import Course
from autograder.results import Grade, Outcome
from autograder.trials import Trial

_FOLDER = ".trials"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    number: int
    grade: Grade


class KeptTrials:
    """The trials of one assignment by one state of its checks; a new state begins with none.

    The first line of the file is the digest, each other line is one trial. Of a Grade's evidence
    only what was held against thresholds is kept.

    Args:
        course: The course, in whose folder `.trials/` stands.
        assignment: The assignment's name.
        digest: From `graded_by`.
    """

    def __init__(self, course: Course, assignment: str, digest: str) -> None:
        self._path = course.root / _FOLDER / f"{assignment}.jsonl"
        self._found: dict[tuple[str, int], Grade] = {}
        lines = self._path.read_text("utf-8").splitlines() if self._path.is_file() else []
        if lines[:1] != [json.dumps(digest)]:
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(json.dumps(digest) + "\n", "utf-8")
            return
        for text in lines[1:]:
            try:
                line = _Line.model_validate_json(text)
            except ValidationError:  # half a line, of a calibration that was killed
                continue
            self._found[line.entry, line.number] = line.grade

    def find(self, entry: Entry, number: int) -> Trial | None:
        """The trial of these seeds, or None if there is none yet."""
        grade = self._found.get((entry.name, number))
        return None if grade is None else Trial(entry, number, grade)

    def add(self, trials: Iterable[Trial]) -> None:
        """Put trials on disk; those that we spoiled ourselves are run again next time."""
        trials = list(trials)
        self._found |= {(trial.entry.name, trial.number): trial.grade for trial in trials}
        lines = [
            _Line(entry=t.entry.name, number=t.number, grade=_measured_only(t.grade))
            for t in trials
            if t.grade.outcome is not Outcome.GRADER_ERROR
        ]
        with self._path.open("a", encoding="utf-8") as file:
            file.write("".join(f"\n{line.model_dump_json()}\n" for line in lines))


def _measured_only(grade: Grade) -> Grade:
    checks = tuple(
        verdict.model_copy(
            update={"evidence": {k: v for k, v in verdict.evidence.items() if k == MEASURED}}
        )
        for verdict in grade.checks
    )
    return grade.model_copy(update={"checks": checks})
