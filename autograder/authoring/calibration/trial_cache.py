"""Trials on disk: a stopped calibration continues from them, and a longer one adds to them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.authoring.corpus import Entry
from autograder.authoring.trials import Trial
from autograder.course import Course
from autograder.results import MEASURED, Grade, Outcome

_FOLDER = ".trials"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    number: int
    grade: Grade


class TrialCache:
    """The trials of one assignment for one evidence digest; another digest starts over.

    The first line of the file is the digest; each other line is one trial. Of a Grade's evidence,
    only the values that were compared with thresholds are kept.

    Args:
        course: The course; its folder holds `.trials/`.
        assignment: The assignment's name.
        digest: From `evidence_digest`.
    """

    def __init__(self, course: Course, assignment: str, digest: str) -> None:
        self._path = course.root / _FOLDER / f"{assignment}.jsonl"
        self._grades: dict[tuple[str, int], Grade] = {}
        lines = self._path.read_text("utf-8").splitlines() if self._path.is_file() else []
        if lines[:1] != [json.dumps(digest)]:
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(json.dumps(digest) + "\n", "utf-8")
            return
        for text in lines[1:]:
            try:
                line = _Line.model_validate_json(text)
            except ValidationError:  # half a line, left by a killed calibration
                continue
            self._grades[line.entry, line.number] = line.grade

    def find(self, entry: Entry, number: int) -> Trial | None:
        """The trial with these seeds, or None if there is none yet."""
        grade = self._grades.get((entry.name, number))
        return None if grade is None else Trial(entry, number, grade)

    def add(self, trials: Iterable[Trial]) -> None:
        """Write trials to disk; those with a `grader_error` are run again next time."""
        trials = list(trials)
        self._grades |= {(trial.entry.name, trial.number): trial.grade for trial in trials}
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
